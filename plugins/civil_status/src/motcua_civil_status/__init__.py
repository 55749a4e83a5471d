"""Civil status (hộ tịch)."""
