"""The migrations of civil status, oldest first."""
