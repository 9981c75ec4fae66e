"""The short names that `keras.losses` and `keras.metrics` have for functions of losses."""

_FUNCTIONS = {
    "mean_squared_error": ("MSE", "mse"),
    "mean_absolute_error": ("MAE", "mae"),
    "mean_absolute_percentage_error": ("MAPE", "mape"),
    "mean_squared_logarithmic_error": ("MSLE", "msle"),
    "kl_divergence": ("KLD", "kld", "kullback_leibler_divergence"),
    "binary_crossentropy": ("BCE", "bce"),
    "log_cosh": ("logcosh",),
}
HOMES = {short: f"..nn.losses:{name}" for name, names in _FUNCTIONS.items() for short in names}
