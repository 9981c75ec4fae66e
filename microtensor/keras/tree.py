"""`keras.tree`."""

from ..nn.structures import MAP_TO_NONE as MAP_TO_NONE
from ..nn.structures import assert_same_paths as assert_same_paths
from ..nn.structures import assert_same_structure as assert_same_structure
from ..nn.structures import flatten as flatten
from ..nn.structures import flatten_with_path as flatten_with_path
from ..nn.structures import is_nested as is_nested
from ..nn.structures import lists_to_tuples as lists_to_tuples
from ..nn.structures import map_shape_structure as map_shape_structure
from ..nn.structures import map_structure as map_structure
from ..nn.structures import map_structure_up_to as map_structure_up_to
from ..nn.structures import pack_sequence_as as pack_sequence_as
from ..nn.structures import traverse as traverse
