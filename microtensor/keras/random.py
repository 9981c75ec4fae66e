"""`keras.random`."""

from ..nn.random_functions import beta as beta
from ..nn.random_functions import binomial as binomial
from ..nn.random_functions import categorical as categorical
from ..nn.random_functions import dropout as dropout
from ..nn.random_functions import gamma as gamma
from ..nn.random_functions import normal as normal
from ..nn.random_functions import randint as randint
from ..nn.random_functions import shuffle as shuffle
from ..nn.random_functions import truncated_normal as truncated_normal
from ..nn.random_functions import uniform as uniform
from ..nn.seed_generator import SeedGenerator as SeedGenerator
