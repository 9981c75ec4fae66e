"""Files: whole models and weights, as Keras writes and reads them, and in a format of our own.

>>> import microtensor as mt
>>> model = mt.keras.Sequential([mt.keras.layers.Dense(1, input_shape=(2,))])
>>> model.save("model.mt")                                               # doctest: +SKIP
>>> mt.keras.models.load_model("model.mt").predict([[1.0, 0.0]])         # doctest: +SKIP
"""

from ..nn.model import Model
from . import models as models
from .damage import FileDamagedError as FileDamagedError
from .models import load_model as load_model
from .models import load_weights as load_weights
from .models import model_from_json as model_from_json
from .models import save_model as save_model
from .models import save_weights as save_weights

Model.storage = models  # nn knows nothing of files: what its methods `save` and `load_weights` do is set here
