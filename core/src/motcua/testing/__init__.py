"""The published test kit for the core and for plugins."""
