"""The confirmation of a dossier as a paper to keep."""

from motcua.domain.dossier import State
from motcua.plugin.texts import text
from motcua.services.confirmation import Confirmed, confirmation
from motcua.services.limits import count
from motcua.services.slip_copies import NO_COPY
from motcua.services.visit import secret_of
from motcua.storage.rows import DossierRow
from motcua.ui.format import hour, long_date, moment, money
from motcua.web.client import address
from motcua.web.portal.apply.costs import costs_of
from motcua.web.portal.apply.desk import Applying
from motcua.web.portal.tracking import sentence
from motcua.web.portal.views import Tracked

LARGE = "lon"
"""What an address says that asks for large print."""


async def paper(applying: Applying, row: DossierRow, dossier: Tracked, look: str) -> bytes:
    """The confirmation of *dossier* as a PDF; ``lon`` as the *look* prints it large."""
    await count(applying.house, applying.desk, "paper", address(applying.request))
    told = confirmed(applying, row, dossier)
    return await confirmation(applying.house, applying.desk, told, large=look == LARGE)


def confirmed(applying: Applying, row: DossierRow, dossier: Tracked) -> Confirmed:
    """What the confirmation says."""
    now = applying.now()
    said = sentence(dossier, now)
    secret = secret_of(applying.house, row.id)
    url = applying.request.url
    portal = f"{url.scheme}://{url.netloc}{applying.base}"
    label = text("apply.done.code" if row.code is None else "ui.lookup.code")
    added = [each.at for each in dossier.milestones if each.papers or each.transition == "T05"]
    dates = [("sent", row.submitted_at), ("received", row.received_at)]
    dates += [("added", each) for each in added[-1:]]
    lines = [(text(f"paper.confirm.{name}"), moment(at)) for name, at in dates if at]
    if dossier.due and dossier.state not in (State.WITHDRAWN, State.STOPPED):
        due = f"{hour(dossier.due)} {long_date(dossier.due)}"
        lines.append((text("paper.confirm.due"), due))
    if dossier.state is State.SUBMITTED and (total := _total(applying, row)):
        lines.append((text("ui.procedure.fee"), total))
    if dossier.proof:
        lines.insert(0, (text("ui.tracked.name"), dossier.proof.applicant))
    return Confirmed(
        title=text("paper.confirm.title"),
        request=dossier.procedure,
        code=dossier.code,
        codes=((label, dossier.code), (text("apply.done.secret"), secret)),
        lines=tuple(lines),
        next=(text("apply.done.next"), f"{said.meaning} {said.rest}"),
        follow=f"{portal}/q/{dossier.code}/{secret}?ban={NO_COPY}",
        lookup=text("paper.confirm.lookup", address=f"{portal}/tra-cuu"),
        qr_words=text("apply.done.qr_label"),
        printed=text("paper.confirm.printed", at=moment(now)),
    )


def _total(applying: Applying, row: DossierRow) -> str:
    """What a dossier that was only sent will cost, if anything."""
    found = costs_of(applying.house, applying.desk, row)
    return money(found.total) if found.total else ""
