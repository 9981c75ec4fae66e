"""`keras.models`."""

from ..nn import Model as Model
from ..nn import Sequential as Sequential
from ..nn.cloning import clone_model as clone_model
from ..saving import load_model as load_model
from ..saving import model_from_json as model_from_json
from ..saving import save_model as save_model
