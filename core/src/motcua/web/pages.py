"""How a handler answers with a page; it stands in ``ui`` because the console answers so too."""

from motcua.ui.pages import AnyRequest, Page, page, wants_fragment

__all__ = ["AnyRequest", "Page", "page", "wants_fragment"]
