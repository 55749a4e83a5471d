"""Applying online: an application written page by page, checked, sent and confirmed."""
