"""`keras.config`. What is absent says why."""

from ..nn.absent_names import answering as _answering
from ..nn.policies import dtype_policy as dtype_policy
from ..settings import backend as backend
from ..settings import disable_interactive_logging as disable_interactive_logging
from ..settings import enable_interactive_logging as enable_interactive_logging
from ..settings import epsilon as epsilon
from ..settings import floatx as floatx
from ..settings import image_data_format as image_data_format
from ..settings import is_interactive_logging_enabled as is_interactive_logging_enabled
from ..settings import max_epochs as max_epochs
from ..settings import max_steps_per_epoch as max_steps_per_epoch
from ..settings import set_epsilon as set_epsilon
from ..settings import set_floatx as set_floatx
from ..settings import set_image_data_format as set_image_data_format
from ..settings import set_max_epochs as set_max_epochs
from ..settings import set_max_steps_per_epoch as set_max_steps_per_epoch

__getattr__ = _answering("config")
