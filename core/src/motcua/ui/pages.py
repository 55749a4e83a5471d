"""How a handler answers with a page: whole, or only the part that htmx asked for."""

from typing import Any

from litestar import MediaType, Request
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK
from markupsafe import Markup

from motcua.domain.written import pasted
from motcua.ui.helpdesk import help_at

CSRF_COOKIE = "motcua_csrf"
AnyRequest = Request[Any, Any, Any]


class Page(Template):
    """A template that also carries help, and the form token when it answers a POST.

    Litestar fills its token in for safe methods only, so a form sent back with
    its faults would lose it and could not be sent again.
    """

    def create_template_context(self, request: AnyRequest) -> dict[str, Any]:
        """The template's names, with the hidden field of every form and where one gets help."""
        context = super().create_template_context(request)
        if "desk" in context:
            state = request.app.state
            context["help"] = help_at(context["desk"], state.help, state.house.now())
        if request.method not in {"GET", "HEAD"}:
            token = request.cookies.get(CSRF_COOKIE, "")
            field = Markup('<input type="hidden" name="_csrf_token" value="{}">')
            context["csrf_input"] = field.format(token)
        return context


def page(
    template: str,
    *,
    status: int = HTTP_200_OK,
    private: bool = False,
    **context: Any,
) -> Page:
    """A whole page.

    Args:
        template: Its file below ``motcua/ui/templates``.
        status: 422 for a form sent back with its faults.
        private: Whether it shows what only this person may see; it is then never stored.
        context: What the template names.
    """
    return Page(
        template_name=template,
        context=context,
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            "Cache-Control": "no-store" if private else "no-cache",
            "Vary": "HX-Request, Cookie",
        },
    )


def wants_fragment(request: AnyRequest) -> bool:
    """Whether htmx asked, and only a part of the page is to be sent."""
    headers = request.headers
    asked = headers.get("hx-request") == "true"
    whole = (
        headers.get("hx-boosted") == "true" or headers.get("hx-history-restore-request") == "true"
    )
    return asked and not whole


def plain(words: str) -> str:
    """*words* as they are stored, without blanks around."""
    return pasted(words).strip()
