"""Going on with a draft elsewhere: its code, and a code sent to the telephone or written down."""

from typing import Any

from litestar import get, post
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.plugin.texts import text
from motcua.services import codes, drafts
from motcua.services.codes import WrongCodeError
from motcua.services.drafts import Draft
from motcua.services.limits import count
from motcua.services.messages import Reach, can_deliver, reach
from motcua.web.client import address
from motcua.web.language import SWITCH
from motcua.web.pages import Page
from motcua.web.portal.apply.application import APPLICANT
from motcua.web.portal.apply.desk import Applying, TheApplying, to
from motcua.web.portal.apply.pages import PRESSED

PURPOSE = "draft"


@get("/nop")
async def ask_code(applying: TheApplying) -> Response[Any]:
    """Ask for the draft's code."""
    return _page(applying, {})


@post("/nop", status_code=HTTP_200_OK)
async def go_on(applying: TheApplying) -> Response[Any]:
    """Send a code to the telephone of the draft, then take it, or the one on paper.

    What is answered never tells whether there is such a draft, or a telephone.
    """
    sent = await applying.form()
    if sent.get(PRESSED) == SWITCH:
        return _page(applying, sent)
    said, shown = sent.get("ma", "").strip()[:40], sent.get("so", "").strip()[:40]
    if not said:
        return _page(applying, sent, ("ma", text("apply.resume.empty")))
    await count(applying.house, applying.desk, "codes", address(applying.request))
    await count(applying.house, applying.desk, "code-tried", f"draft {said.upper()}")
    draft = await drafts.by_code(applying.house, applying.desk, said)
    if sent.get(PRESSED) == "gui":
        await _send(applying, draft)
        return _page(applying, sent, told=True)
    if draft is None or not await _proven(applying, draft, shown):
        return _page(applying, sent, ("so", text("code.wrong")))
    token = applying.token or drafts.new_token(applying.house)
    await drafts.hand_over(applying.house, applying.desk, draft.id, token)
    answer = to(applying.address(draft))
    answer.cookies.append(applying.cookie(token))
    return answer


async def _send(applying: Applying, draft: Draft | None) -> None:
    where = reachable(applying, draft) if draft else None
    if draft is not None and where:
        await codes.send(applying.house, applying.desk, PURPOSE, draft.id, where)


def reachable(applying: Applying, draft: Draft) -> Reach | None:
    """How whoever writes *draft* is reached, by what they typed."""
    typed = {name: draft.typed.get(f"{APPLICANT}.{name}", "") for name in ("phone", "email")}
    return reach(applying.house, applying.desk, typed)


async def _proven(applying: Applying, draft: Draft, shown: str) -> bool:
    if drafts.is_paper_code(applying.house, draft.id, shown):
        return True
    try:
        await codes.prove(applying.house, applying.desk, PURPOSE, draft.id, shown)
    except WrongCodeError:
        return False
    return True


def _page(
    applying: Applying,
    sent: dict[str, str],
    fault: tuple[str, str] | None = None,
    *,
    told: bool = False,
) -> Page:
    return applying.page(
        "apply/resume.html",
        status=HTTP_422_UNPROCESSABLE_ENTITY if fault else HTTP_200_OK,
        code=sent.get("ma", ""),
        shown=sent.get("so", "") if sent.get(PRESSED) == SWITCH else "",
        faults=[fault] if fault else [],
        errors=dict([fault] if fault else []),
        by_message=can_deliver(applying.house, applying.desk),
        told=told,
    )
