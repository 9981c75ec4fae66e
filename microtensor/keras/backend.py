"""`keras.backend`: the settings, and what is asked about dtypes."""

from ..naming import clear_session as clear_session
from ..naming import get_uid as get_uid
from ..nn.array_functions.entering import is_float_dtype as is_float_dtype
from ..nn.array_functions.entering import is_int_dtype as is_int_dtype
from ..nn.array_functions.entering import result_type as result_type
from ..nn.array_functions.entering import standardize_dtype as standardize_dtype
from ..nn.utilities import is_keras_tensor as is_keras_tensor
from ..settings import backend as backend
from ..settings import epsilon as epsilon
from ..settings import floatx as floatx
from ..settings import image_data_format as image_data_format
from ..settings import set_epsilon as set_epsilon
from ..settings import set_floatx as set_floatx
from ..settings import set_image_data_format as set_image_data_format
