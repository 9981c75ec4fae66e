"""Python starts, imports the module that is named, and ends."""

import importlib
import sys

importlib.import_module(sys.argv[1])
