"""`keras.utils`."""

from ..naming import clear_session as clear_session
from ..seeds import set_random_seed as set_random_seed
