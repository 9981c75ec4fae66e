"""`keras.backend`."""

from ..naming import clear_session as clear_session
