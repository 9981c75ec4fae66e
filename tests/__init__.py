"""The suite; its folders mirror the rooms of the package."""
