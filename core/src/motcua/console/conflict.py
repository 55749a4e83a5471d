"""Two administrators saved the same thing: the second sees what the first did, and decides."""

from typing import Any

from litestar.response import Response
from litestar.status_codes import HTTP_409_CONFLICT

from motcua.console.frame import Console
from motcua.console.gate import AnyRequest
from motcua.console.history import differences
from motcua.plugin.texts import text
from motcua.services.change import ChangedMeanwhileError
from motcua.ui.format import moment


def changed_meanwhile(request: AnyRequest, error: ChangedMeanwhileError) -> Response[Any]:
    """Say who changed what, and give back what was sent, to be kept all the same or dropped."""
    if "text/html" not in request.headers.get("accept", "text/html"):
        return Response({"detail": text(error.code, **error.fields)}, status_code=error.status)
    console, other = Console(request), error.meanwhile
    told = {"subject": error.fields["subject"]}
    if other is None:
        words = text("console.conflict.unknown", **told)
    else:
        who = other.who or text("role.system")
        words = text("console.conflict.words", who=who, at=moment(other.at), **told)
    sent = {name: value for name, value in request.state.get("sent", {}).items() if name != "thay"}
    return console.page(
        "conflict.html",
        status=HTTP_409_CONFLICT,
        words=words,
        differences=differences(other.before, other.after) if other else [],
        fields=sent if other else {},
        action=request.url.path,
    )
