"""Finds, checks and calls the installed plugins."""
