"""What Keras' smaller modules have and this library has not, and what there is instead.

The one idea: asking for an absent name is answered with a sentence. One group of names, one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_QUANTISATION = "quantisation is not part of this library; a dtype is 'float32', 'float64' or 'float16'"

INSTEAD: dict[str, dict[str, str]] = {  # module: {names: sentence}
    "initializers": {"STFT STFTInitializer stft": "windows for sound are out of this library's scope"},
    "dtype_policies": {
        "AWQDTypePolicy GPTQDTypePolicy Int4DTypePolicy QuantizedDTypePolicy": _QUANTISATION,
        "QuantizedFloat8DTypePolicy DTypePolicyMap": _QUANTISATION,
    },
    "config": {
        "enable_unsafe_deserialization": "loading a file never runs code, and no switch makes it",
        "set_backend": "NumPy is the only one",
        "set_dtype_policy": "say dtype= of a layer, or keras.config.set_floatx for all that come",
        "enable_traceback_filtering disable_traceback_filtering is_traceback_filtering_enabled": (
            "tracebacks are shown whole"
        ),
        "enable_flash_attention disable_flash_attention is_flash_attention_enabled": (
            "it is for hardware that this library does not run on"
        ),
        "is_nnx_enabled": "it is JAX's",
    },
    "utils": {
        "array_to_img img_to_array load_img save_img image_dataset_from_directory bounding_boxes": (
            "images are read by other libraries, such as Pillow"
        ),
        "audio_dataset_from_directory text_dataset_from_directory timeseries_dataset_from_array": (
            "fit takes arrays, generators and keras.utils.PyDataset"
        ),
        "split_dataset": "fit has validation_split=, and arrays are sliced",
        "get_file": "this library reads no network",
        "get_source_inputs": "there are no models of the functional kind",
        "FeatureSpace": "preprocessing is out of this library's scope",
        "Config": "a dict is one",
        "legacy": "there is no older version to be read here",
    },
    "ops": {
        "angle conj conjugate imag isreal polar real view_as_complex view_as_real eig": (
            "complex numbers are not part of the table of operations"
        ),
        "fft fft2 ifft2 rfft irfft stft istft extract_sequences": (
            "Fourier transforms are not part of this library; np.fft works on .numpy()"
        ),
        "image depth_to_space space_to_depth fold unfold": (
            "images are prepared with libraries of their own"
        ),
        "conv_transpose depthwise_conv separable_conv adaptive_average_pool adaptive_max_pool": (
            "there are keras.ops.conv, max_pool and average_pool"
        ),
        "ctc_decode ctc_loss": "speech is out of this library's scope",
        "i0": "its derivative needs a function that NumPy does not have",
        "view": "reinterpreting memory would lose the gradient; keras.ops.cast keeps it",
        "vectorize": "keras.ops.map is the loop that keeps the gradient",
        "lu_factor": "NumPy has no such function; keras.ops.solve and keras.ops.inv factor inside",
        "rearrange": "reshape and transpose do it",
        "correlate": "keras.ops.conv with padding does it, or np.correlate on .numpy()",
    },
}


def answering(module: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module of Keras' names: AttributeError that says what there is instead."""
    sentences = {name: said for names, said in INSTEAD.get(module, {}).items() for name in names.split()}

    def missing(name: str) -> Any:
        if name in sentences:
            raise AttributeError(f"keras.{module}.{name} is not here: {sentences[name]}.")
        raise AttributeError(f"module 'keras.{module}' has no attribute {name!r}")

    return missing
