"""`keras.saving`."""

from ..saving import load_model as load_model
from ..saving import load_weights as load_weights
from ..saving import save_model as save_model
from ..saving import save_weights as save_weights
from ..serialization import custom_object_scope as custom_object_scope
from ..serialization import deserialize_keras_object as deserialize_keras_object
from ..serialization import get_custom_objects as get_custom_objects
from ..serialization import get_registered_name as get_registered_name
from ..serialization import get_registered_object as get_registered_object
from ..serialization import register_keras_serializable as register_keras_serializable
from ..serialization import serialize_keras_object as serialize_keras_object

CustomObjectScope = custom_object_scope
