"""Stand-ins for the parts below, so that pages can be tested without a database."""
