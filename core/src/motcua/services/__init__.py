"""One module per use case; each is one transaction."""
