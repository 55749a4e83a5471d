"""What an officer sees whose dossier somebody else has changed meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from litestar.response import Response
from litestar.status_codes import HTTP_409_CONFLICT

from motcua.plugin.texts import text
from motcua.services.views import DossierView, EventView
from motcua.web.counter import explained
from motcua.web.counter.dossier import code_of
from motcua.web.counter.explained import Pair
from motcua.web.counter.frame import Counter
from motcua.web.counter.worklist import tag_of


async def conflict(
    counter: Counter,
    view: DossierView,
    since: Iterable[EventView],
    step: str,
    *,
    typed: Mapping[str, str],
    said: Sequence[Pair],
    still: bool,
) -> Response[Any]:
    """What was done meanwhile, and the way on with what was typed.

    Args:
        counter: The request.
        view: The dossier as it stands now.
        since: What was done since the officer's form was drawn.
        step: The step the officer was about to take.
        typed: What was typed, to be sent again.
        said: The same in words.
        still: Whether the step is still possible.
    """
    return await counter.page(
        "conflict.html",
        current="work",
        status=HTTP_409_CONFLICT,
        view=view,
        code=code_of(view),
        name=view.short_name,
        tag=tag_of(counter, view.state, view.due_at, counter.now()),
        state=text(f"state.{view.state.value}"),
        label=text(f"step.{step}"),
        address=counter.request.url.path,
        dossier_address=f"{counter.base}/ho-so/{view.id}",
        since=[explained.entry(event, whole=False) for event in since],
        said=said,
        typed=typed,
        still=still,
        key=counter.new_key(),
    )
