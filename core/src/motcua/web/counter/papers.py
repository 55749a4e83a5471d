"""Printing the texts of a visit or of one dossier at the counter."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from motcua.domain.errors import MotCuaError
from motcua.plugin.texts import text
from motcua.services.printing import UnknownVisitError, print_texts, printable
from motcua.services.words import called
from motcua.storage.rows import DossierRow
from motcua.web.api.dossiers import dossier_id
from motcua.web.counter.frame import Counter, TheCounter
from motcua.web.counter.reception import faults_of
from motcua.web.counter.session import typed
from motcua.web.forms.told import words
from motcua.web.shown import shown_pdf

AnyRequest = Request[Any, Any, Any]
VISIT, DOSSIER, SIGNER, SLIP = "luot", "ho_so", "nguoi_ky", "phieu"


@get("/loi-chung")
async def ask(
    counter: TheCounter,
    luot: FromQuery[str] = "",
    ho_so: FromQuery[str] = "",
    phieu: FromQuery[str] = "",
) -> Response[Any]:
    """Choose who signs."""
    return await _asked(counter, {VISIT: luot, DOSSIER: ho_so, SLIP: phieu}, [])


@post("/loi-chung", status_code=HTTP_200_OK)
async def show(request: AnyRequest, counter: TheCounter) -> Response[Any]:
    """The PDF, or what stands against it."""
    sent = await typed(request)
    try:
        pdf = await print_texts(
            counter.house,
            counter.desk,
            counter.actor,
            visit=_visit(sent),
            dossiers=_dossiers(sent),
            signer=sent.get(SIGNER, ""),
        )
    except MotCuaError as error:
        return await _asked(counter, sent, [words(each, "") for each in faults_of(error)])
    return shown_pdf(pdf)


async def _asked(counter: Counter, sent: dict[str, str], faults: list[str]) -> Response[Any]:
    """The form: what is printed, and who may sign all of it."""
    house, desk = counter.house, counter.desk
    rows, able = await printable(
        house, desk, counter.actor, visit=_visit(sent), dossiers=_dossiers(sent)
    )
    signers = [(str(each.id), text("counter.papers.signer", **_named(each))) for each in able]
    only = signers[0][0] if len(signers) == 1 else ""
    return await counter.page(
        "papers.html",
        current="work",
        status=HTTP_422_UNPROCESSABLE_ENTITY if faults else HTTP_200_OK,
        faults=[("ky", each) for each in faults],
        kept={name: sent[name] for name in (VISIT, DOSSIER, SLIP) if sent.get(name)},
        dossiers=[(each.id, each.code, _called(counter, each), _applicant(each)) for each in rows],
        back=_back(counter, sent),
        signers=signers,
        chosen=sent.get(SIGNER, "") or only,
    )


def _called(counter: Counter, row: DossierRow) -> str:
    return called(counter.house.catalogue.version(row.version_id).definition)


def _applicant(row: DossierRow) -> str:
    return str(row.applicant.get("name", ""))


def _back(counter: Counter, sent: dict[str, str]) -> str:
    """The page somebody came from: the receipt of the visit, or the dossier."""
    if sent.get(SLIP):
        return f"{counter.base}/phieu/{quote(sent[SLIP], safe='')}"
    if _dossiers(sent):
        return f"{counter.base}/ho-so/{_dossiers(sent)[0]}"
    return f"{counter.base}/"


def _named(signer: Any) -> dict[str, str]:
    return {"name": signer.full_name, "title": signer.title}


def _visit(sent: dict[str, str]) -> UUID | None:
    """The visit that is named; what is no id answers like one that does not exist."""
    named = sent.get(VISIT, "")
    if not named:
        return None
    try:
        return UUID(named)
    except ValueError:
        raise UnknownVisitError(visit=named[:40]) from None


def _dossiers(sent: dict[str, str]) -> list[UUID]:
    return [dossier_id(sent[DOSSIER])] if sent.get(DOSSIER) and not sent.get(VISIT) else []
