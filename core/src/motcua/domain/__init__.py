"""The rules of a one-stop shop, pure: no clock, no database, no framework."""
