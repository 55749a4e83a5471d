"""Headers that every answer carries, and the protection of forms.

Pages run no inline script and no inline style, load nothing from another host
and cannot be framed. An answer that needs more (a payment hand-over, a file shown
in a frame) sets its own policy; it is left as it is.
"""

from typing import Any

from litestar import Request
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.csrf import generate_csrf_token
from litestar.types import Message, Scope

from motcua.ui.pages import CSRF_COOKIE

RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
POLICY = "; ".join(RULES)
FRAMING = f"{POLICY}; frame-src 'self'"
"""Of a page that shows PDF files of its own in a frame."""
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
"""Of a file that such a page shows; it loads nothing by itself.

Opened alone, the browser's page around a picture fits it to the window by a style of its own.
"""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
CSRF_HEADER = "x-csrftoken"
API_PATHS = r"^/t/[^/]+/api/"


async def add_headers(message: Message, scope: Scope) -> None:
    """Give an answer the security headers that it does not have yet."""
    del scope
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def csrf(secret: str, *, secure: bool) -> CSRFConfig:
    """The protection of forms: a cookie and a hidden field that must agree.

    The API is left out: it takes no cookie, only a token in a header. Gateway
    callbacks opt out one by one with ``exclude_from_csrf=True``.

    Args:
        secret: Signs the tokens; the same in every process of an installation.
        secure: Whether the cookie travels over HTTPS only.
    """
    return CSRFConfig(
        secret=secret,
        cookie_name=CSRF_COOKIE,
        header_name=CSRF_HEADER,
        cookie_secure=secure,
        cookie_samesite="lax",
        exclude=[API_PATHS],
    )


def new_form_token(request: Request[Any, Any, Any]) -> Cookie:
    """A new token for the forms of the answer to *request*, which came without one."""
    config = request.app.csrf_config
    assert config is not None, "every application with pages protects its forms"  # noqa: S101 - states what setup does
    token = generate_csrf_token(secret=config.secret)
    request.cookies[CSRF_COOKIE] = token
    return Cookie(
        key=CSRF_COOKIE, value=token, path="/", secure=config.cookie_secure, samesite="lax"
    )
