"""The access tests share one module-wide world; see ``access_world``."""
