"""A form that was sent already, was gone back to, and comes again with something else in it.

What was kept the first time stands. The officer is told what that is and in what the form
differs from it now, and may go on with what was typed as a form of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar.response import Response
from litestar.status_codes import HTTP_409_CONFLICT

from motcua.domain.form import Field
from motcua.services import reading
from motcua.services.counter import kept
from motcua.services.views import DossierView
from motcua.web.counter import explained
from motcua.web.counter.dossier import code_of
from motcua.web.counter.explained import Pair
from motcua.web.counter.frame import Counter

NOTHING = "–"


class Difference(msgspec.Struct, frozen=True):
    """One thing that was kept otherwise than it is typed now."""

    label: str
    kept: str
    typed: str


def declared(
    fields: Iterable[Field], applicant: Mapping[str, Any], answers: Mapping[str, Any]
) -> list[Pair]:
    """Who asks for what, in words."""
    told = explained.answers(fields, answers, whole=True)
    return explained.person(applicant, whole=True) + told


def differences(before: Sequence[Pair], now: Sequence[Pair]) -> list[Difference]:
    """What is said otherwise, in the order of the form."""
    was, is_now = dict(before), dict(now)
    return [
        Difference(label, was.get(label, NOTHING), is_now.get(label, NOTHING))
        for label in dict.fromkeys([*is_now, *was])
        if was.get(label) != is_now.get(label)
    ]


async def kept_dossiers(counter: Counter, key: str) -> list[DossierView]:
    """The dossiers that were answered to the officer's own form called *key*."""
    found = await kept(counter.house, counter.desk, counter.actor, key)
    answer = found.answer if found and isinstance(found.answer, dict) else {}
    many = answer.get("dossiers") or [answer]
    house, desk, actor = counter.house, counter.desk, counter.actor
    return [
        await reading.dossier(house, desk, actor, UUID(each["id"])) for each in many if "id" in each
    ]


async def sent_before(
    counter: Counter,
    typed: Mapping[str, str],
    saved: Iterable[DossierView],
    differs: Sequence[Difference],
    *,
    current: str,
    anew: Mapping[str, str] | None,
    slip: str = "",
) -> Response[Any]:
    """Tell what was kept, and what of *typed* was not.

    Args:
        counter: The request.
        typed: What was sent now; none of it is lost.
        saved: What the form has made when it was sent first.
        differs: In what it differs now.
        current: The place of the rail.
        anew: What opens the form again with what was typed; none: it cannot be sent again.
        slip: Where the slip of what was kept is.
    """
    fields = {name: value for name, value in typed.items() if name not in ("lam", "khoa")}
    return await counter.page(
        "sent_before.html",
        current=current,
        status=HTTP_409_CONFLICT,
        address=counter.request.url.path,
        saved=[
            (code_of(each), each.short_name, f"{counter.base}/ho-so/{each.id}") for each in saved
        ],
        differs=differs,
        slip=slip,
        again=anew is not None,
        kept=fields | {"khoa": counter.new_key()} | dict(anew or {}),
    )
