"""`keras.utils`. What is absent says why."""

from ..model_plot import model_to_dot as model_to_dot
from ..model_plot import plot_model as plot_model
from ..naming import clear_session as clear_session
from ..nn.absent_names import answering as _answering
from ..nn.array_functions.entering import standardize_dtype as standardize_dtype
from ..nn.data import pack_x_y_sample_weight as pack_x_y_sample_weight
from ..nn.data import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from ..nn.progress import Progbar as Progbar
from ..nn.sources import PyDataset as PyDataset
from ..nn.utilities import is_keras_tensor as is_keras_tensor
from ..nn.utilities import normalize as normalize
from ..nn.utilities import pad_sequences as pad_sequences
from ..nn.utilities import to_categorical as to_categorical
from ..seeds import set_random_seed as set_random_seed
from ..serialization import custom_object_scope as custom_object_scope
from ..serialization import deserialize_keras_object as deserialize_keras_object
from ..serialization import get_custom_objects as get_custom_objects
from ..serialization import get_registered_name as get_registered_name
from ..serialization import get_registered_object as get_registered_object
from ..serialization import register_keras_serializable as register_keras_serializable
from ..serialization import serialize_keras_object as serialize_keras_object
from ..settings import disable_interactive_logging as disable_interactive_logging
from ..settings import enable_interactive_logging as enable_interactive_logging
from ..settings import is_interactive_logging_enabled as is_interactive_logging_enabled

CustomObjectScope = custom_object_scope
Sequence = PyDataset

__getattr__ = _answering("utils")
