"""Writing records, inside the transaction of the step that made the result."""

import uuid
from typing import Any

from motcua.plugin import DossierFacts, Session, search_key
from motcua_civil_status import search
from motcua_civil_status.records import Draft, drafts, named_kinds
from motcua_civil_status.tables import RECORDS, GuardianshipRecord, RecordHistory


async def keep(session: Session, dossier: DossierFacts) -> None:
    """Write the records *dossier* leaves and note changes in the records they are about."""
    for draft in drafts(dossier):
        about = await _about(session, draft)
        values = {**draft.values, **_link(draft, about)}
        table = RECORDS[draft.kind]
        await session.run(table.insert(table(tenant_id=session.tenant_id, **values)))
        if about is not None:
            await _note(session, dossier, draft, about)


async def _about(session: Session, draft: Draft) -> dict[str, Any] | None:
    """The record a correction or an end is about, if its number and name find just one."""
    values = draft.values
    if draft.kind == "correction":
        reference, kinds = values["reference"], named_kinds(values["reference"])
    elif values.get("entry") == "end":
        reference, kinds = values["data"].get("guardianship_no", ""), {"guardianship"}
    else:
        return None
    found = await session.run(search.by_number(reference, values["subject_name"]))
    fitting = [row for row in found if not kinds or row["kind"] in kinds]
    return fitting[0] if len(fitting) == 1 else None


def _link(draft: Draft, about: dict[str, Any] | None) -> dict[str, Any]:
    if about is None:
        return {}
    if draft.kind == "correction":
        return {"record_kind": about["kind"], "record_id": about["id"]}
    return {"ends": about["id"]}


async def _note(
    session: Session, dossier: DossierFacts, draft: Draft, about: dict[str, Any]
) -> None:
    """Add a line to the history of the record *about*; the record itself stays as it was made."""
    values = draft.values
    if draft.kind == "correction":
        what, before, after = values["request_kind"], values["before"], values["after"]
    else:
        ended = values["ended_on"] or values["registered_on"]
        what, before = "chấm dứt giám hộ", ""
        after = values["data"].get("end_reason", "")
        await session.run(
            GuardianshipRecord.update(
                {GuardianshipRecord.ended_on: ended, GuardianshipRecord.changed_at: dossier.at}
            ).where(GuardianshipRecord.id == about["id"])
        )
    line = RecordHistory(
        tenant_id=session.tenant_id,
        id=uuid.uuid5(values["id"], "history"),
        record_kind=about["kind"],
        record_id=about["id"],
        at=dossier.at,
        what=what,
        before=before,
        after=after,
        after_key=search_key(after),
        decision=dossier.code,
        dossier_id=values["dossier_id"],
        by="",
    )
    await session.run(RecordHistory.insert(line))
