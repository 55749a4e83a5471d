"""Templates, macros and texts shared by every page."""
