"""The migrations of the sample plugin, oldest first."""
