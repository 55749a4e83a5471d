"""What a slip F01–F04 says: out of the events up to the one it was issued with."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from motcua.documents.slips import Form, FormSet, barcode, form_set, qr
from motcua.domain.calendar import VN
from motcua.domain.dossier import transition
from motcua.domain.life import moment
from motcua.domain.limit import TimeLimit
from motcua.domain.procedure import ProcedureDefinition
from motcua.domain.tenant import SlipTexts
from motcua.plugin.texts import text
from motcua.services.assess import Filing, filing_of
from motcua.services.house import Desk
from motcua.services.slip_copies import Copy
from motcua.services.told import Due
from motcua.services.words import limit_words
from motcua.storage.rows import DossierRow

A4, A5 = "a4", "a5"
RECEPTIONS = ("T02", "T03")
_CORRECTED = "T40"


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a dossier; *data* is ``None`` where the person's data were erased."""

    seq: int
    transition: str
    at: dt.datetime
    actor: str
    reason: str
    data: dict[str, Any] | None

    @property
    def form(self) -> str:
        """The paper it prints, or nothing."""
        return transition(self.transition).form


class Item(msgspec.Struct, frozen=True):
    """A paper that was handed in; one with a *file_id* came as a file."""

    name: str
    originals: int
    copies: int
    document: str = ""
    file_id: UUID | None = None


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """One slip to print.

    Attributes:
        past: The events up to the one that issues it.
        documents: The papers that were handed in.
        again: Whether it was printed before.
        copy: Which print it is.
        origin: Where the installation is reached, ``https://…``.
        secret: Opens the look-up; empty where it is not handed out.
        test: Whether everything is invented.
    """

    form: Form
    row: DossierRow
    definition: ProcedureDefinition
    past: Sequence[Past]
    documents: Sequence[Item]
    again: bool
    copy: Copy
    size: str
    origin: str
    secret: str
    test: bool

    @property
    def event(self) -> Past:
        """The event it was issued with."""
        return self.past[-1]

    @property
    def code(self) -> str:
        """The dossier's code as it was at that event: the temporary one before reception."""
        received = any(each.transition in RECEPTIONS for each in self.past)
        return (self.row.code if received else self.row.temporary_code) or ""


def slip_data(desk: Desk, slip: Printed) -> dict[str, Any]:
    """What the template of *slip* is told."""
    day = slip.event.at.astimezone(VN).date()
    forms = form_set(day, _begin(desk))
    makers = {"F01": _receipt, "F02": _supplement, "F03": _refusal, "F04": _apology}
    return _common(desk, forms, slip) | makers[slip.form](forms, desk, slip)


def _begin(desk: Desk) -> dict[str, dt.date]:
    return msgspec.convert(desk.settings.get("forms_begin") or {}, dict[str, dt.date])


def _common(desk: Desk, forms: FormSet, slip: Printed) -> dict[str, Any]:
    """Head, marks and what else stands on every slip."""
    code = slip.code
    proper = desk.name.removeprefix(desk.type_vi).strip()
    portal = f"{slip.origin}/t/{desk.slug}"
    lookup = f"{portal}/tra-cuu"
    # a temporary code is not scanned at the desk
    digits = "" if code.startswith("T-") else "".join(each for each in code if each.isdigit())
    return {
        "size": slip.size,
        "test": slip.test,
        "again": slip.again,
        "title": forms.titles[slip.form],
        "number": _number(forms, slip),
        "above": f"UBND {desk.name}",
        "desk": forms.desk,
        "place": proper or desk.name,
        "issued": _moment(slip.event.at),
        "code": code,
        "request": f"{slip.definition.name} ({slip.definition.code})",
        "officer": slip.event.actor,
        **texts_of(desk.settings),
        "phone": (desk.settings.get("contact") or {}).get("phone", ""),
        "lookup": lookup,
        "secret": slip.secret,
        "copy": slip.copy.copy,
        "qr": qr(_address(slip, portal, lookup)),
        "digits": digits,
        "barcode": barcode(digits) if digits else "",
    }


def _address(slip: Printed, portal: str, lookup: str) -> str:
    """What the QR code leads to; with which copy it is, where there are several."""
    if not slip.secret:
        return f"{lookup}?ma={slip.code}"
    mark = f"?ban={slip.copy.mark}" if slip.copy.mark else ""
    return f"{portal}/q/{slip.code}/{slip.secret}{mark}"


def texts_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """What a unit adds to its slips, by what the templates call it."""
    added = msgspec.convert(settings.get("slip_texts") or {}, SlipTexts)
    return {"opening": added.opening, "ask": added.contact, "note": added.note}


def _receipt(forms: FormSet, desk: Desk, slip: Printed) -> dict[str, Any]:
    """F01."""
    applicant = _person(_last(slip.past, "applicant") or {})
    filing = filing_of(_last(slip.past, "chosen") or {}) or Filing()
    helped = bool(filing.filed_by)
    due = _due(slip.past) or _kept_due(slip.row)
    return {
        "unit": _unit(forms, desk),
        "person": _person(filing.filed_by) if helped else applicant,
        "principal": applicant if helped else None,
        "authority": filing.authority,
        "items": [_item(slip.definition, each) for each in slip.documents],
        "limit": _limit(slip.row),
        "received": _moment(_received_at(slip)),
        "due": _moment(due.due_at),
        "provisional": due.due_provisional,
        "way": _way(filing, forms),
    }


def _item(definition: ProcedureDefinition, item: Item) -> dict[str, Any]:
    """A paper as it is listed; of a file, the question it answers and that it is no paper."""
    if item.file_id is None:
        return {"name": item.name, "originals": item.originals, "copies": item.copies}
    asked = [each.label for each in definition.form if each.id == item.document]
    name = text("slip.electronic", lang="vi", paper=": ".join([*asked, item.name]))
    return {"name": name, "originals": 0, "copies": 0}


def _received_at(slip: Printed) -> dt.datetime:
    """When what the receipt is for came; a corrected one keeps that of the one before."""
    events = [each for each in slip.past if each.form == "F01" and each.transition != _CORRECTED]
    return events[-1].at if events else slip.event.at


def _supplement(_forms: FormSet, _desk: Desk, slip: Printed) -> dict[str, Any]:
    """F02."""
    said = slip.event.data or {}
    return {
        "person": _person(_last(slip.past, "applicant") or {}),
        "items": [str(each) for each in said.get("items") or ()],
        "reason": slip.event.reason,
        "until": _moment(moment(said.get("until"))),
    }


def _refusal(forms: FormSet, desk: Desk, slip: Printed) -> dict[str, Any]:
    """F03."""
    said = slip.event.data or {}
    return {
        "unit": _unit(forms, desk),
        "person": _person(_last(slip.past, "applicant") or {}),
        "reason": slip.event.reason,
        "agency": str(said.get("right_agency") or ""),
    }


def _apology(forms: FormSet, desk: Desk, slip: Printed) -> dict[str, Any]:
    """F04."""
    said = slip.event.data or {}
    before = _due(slip.past[:-1])
    due = _due(slip.past) or _kept_due(slip.row)
    return {
        "unit": _unit(forms, desk),
        "person": _person(_last(slip.past, "applicant") or {}),
        "received": _moment(slip.row.received_at),
        "promised": _moment((before or _kept_due(slip.row)).promise_at),
        "reason": slip.event.reason,
        "due": _moment(moment(said["new_due"])),
        "provisional": due.due_provisional,
    }


def _last(past: Sequence[Past], name: str) -> Any:
    """What the events told last under *name*."""
    told = (each.data[name] for each in reversed(past) if each.data and name in each.data)
    return next(told, None)


def _due(past: Sequence[Past]) -> Due | None:
    """The due times as they were after *past*; an imported history tells them at its end only."""
    told = _last(past, "due")
    return None if told is None else msgspec.convert(told, Due)


def _kept_due(row: DossierRow) -> Due:
    return Due(
        promise_at=row.promise_at, due_at=row.promise_at, due_provisional=row.due_provisional
    )


def _number(forms: FormSet, slip: Printed) -> str:
    """A receipt has its dossier's number of the day, the apology is numbered by the clerk."""
    given = "……" if slip.copy.number is None else f"{slip.copy.number:02d}"
    serial = slip.code.rpartition("-")[2] if slip.form == "F01" else given
    return f"{serial}{forms.suffixes[slip.form]}"


def _unit(forms: FormSet, desk: Desk) -> str:
    return f"{forms.desk} {desk.name[:1].lower()}{desk.name[1:]}"


def _limit(row: DossierRow) -> str:
    limit = row.clock[0].get("limit") if row.clock else None
    return "" if limit is None else limit_words(msgspec.convert(limit, TimeLimit))


def _way(filing: Filing, forms: FormSet) -> str:
    if filing.result_way in ("", "counter"):
        return forms.desk
    return ", ".join(
        filter(None, (text(f"apply.result.{filing.result_way}", lang="vi"), filing.result_address))
    )


def _person(given: dict[str, Any]) -> dict[str, str]:
    address: Any = given.get("address") or ""
    if isinstance(address, dict):
        address = address.get("line", "")
    names = ("name", "id_number", "phone", "email")
    return {name: str(given.get(name) or "") for name in names} | {"address": str(address)}


def _moment(at: dt.datetime | None) -> dict[str, str] | None:
    if at is None:
        return None
    keys = {"hour": "%H", "minute": "%M", "day": "%d", "month": "%m", "year": "%Y"}
    local = at.astimezone(VN)
    return {name: local.strftime(how) for name, how in keys.items()}
