"""What a commune keeps of civil status: a record per registered event, and its history.

The legal record is made in the Ministry's shared software (Decree 87/2020/NĐ-CP
art. 24). ``official_number`` is the number issued there, word for word, or
``reserved_number`` the one taken from a block while the commune was offline.
Neither is ever a number of ours: those stand in the core's registers.
"""

from piccolo.columns import JSONB, UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Record:
    """What every record holds.

    Attributes:
        dossier_id: The dossier it comes from; known by its id only.
        book: The kind of book, such as ``HT/KS``; with ``year`` one volume.
        official_key: The official number as it is searched for.
        subject_key: The name as somebody types it without accents.
        subject_birth: A date, or the year alone where nothing else is known.
        other_name: The second person: mother, groom, guardian, recogniser, partner.
        place_line: The address as it was written, word for word.
        place_unit: The code of today's unit beside it, where it was given.
        data: Everything that was declared.
    """

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    dossier_id = UUID(default=None)
    dossier_code = Text(default=None)
    procedure = Text(default=None)
    book = Text(default=None)
    year = Integer(default=None)
    registered_on = Date(default=None)
    official_number = Text(null=True, default=None)
    official_key = Text(null=True, default=None)
    reserved_number = Text(null=True, default=None)
    reserved_key = Text(null=True, default=None)
    subject_name = Text(default=None)
    subject_key = Text(default=None)
    subject_id_number = Text(default=None)
    subject_birth = Text(default=None)
    other_name = Text(default=None)
    other_key = Text(default=None)
    other_id_number = Text(default=None)
    other_birth = Text(default=None)
    event_date = Date(null=True, default=None)
    place_line = Text(default=None)
    place_unit = Text(default=None)
    data = JSONB(default=None)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


class BirthRecord(Record, Table, tablename="civil_status_birth"):
    """A birth: the subject is the child, the other one the mother."""

    father_name = Text(default=None)
    father_key = Text(default=None)
    origin_line = Text(default=None)
    origin_unit = Text(default=None)


class MarriageRecord(Record, Table, tablename="civil_status_marriage"):
    """A marriage: the subject is the bride, the other one the groom."""


class DeathRecord(Record, Table, tablename="civil_status_death"):
    """A death: the subject is the deceased."""

    last_residence_line = Text(default=None)
    last_residence_unit = Text(default=None)


class MaritalRecord(Record, Table, tablename="civil_status_marital"):
    """A confirmation of marital status; the other one is whom the subject means to marry."""

    purpose = Text(default=None)


class GuardianshipRecord(Record, Table, tablename="civil_status_guardianship"):
    """A guardianship, or its end: the subject is the ward, the other one the guardian."""

    entry = Text(default=None)
    ends = UUID(null=True, default=None)
    ended_on = Date(null=True, default=None)


class RecognitionRecord(Record, Table, tablename="civil_status_recognition"):
    """A recognition: the subject is recognised, the other one recognises."""

    recognition_kind = Text(default=None)


class CorrectionRecord(Record, Table, tablename="civil_status_correction"):
    """A change, correction or supplement of another record, where that one is known."""

    request_kind = Text(default=None)
    reference = Text(default=None)
    before = Text(default=None)
    after = Text(default=None)
    reason = Text(default=None)
    record_kind = Text(null=True, default=None)
    record_id = UUID(null=True, default=None)


class RecordHistory(Table, tablename="civil_status_history"):
    """What happened to a record after it was made; rows are added, never changed.

    Attributes:
        what: What was changed, as the request or the act calls it.
        decision: By which decision: the dossier's code, or the reason an officer gave.
    """

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    record_kind = Text(default=None)
    record_id = UUID(default=None)
    at = Timestamptz(default=None)
    what = Text(default=None)
    before = Text(default=None)
    after = Text(default=None)
    after_key = Text(default=None)
    decision = Text(default=None)
    dossier_id = UUID(null=True, default=None)
    by = Text(default=None)


class NumberBlock(Table, tablename="civil_status_number_block"):
    """Official numbers the commune was given, or took for a time offline.

    Attributes:
        ground: Who gave it, by which paper; or why it was taken.
    """

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    book = Text(default=None)
    year = Integer(default=None)
    first = Integer(default=None)
    last = Integer(default=None)
    ground = Text(default=None)
    taken_at = Timestamptz(default=None)
    taken_by = Text(default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = Text(default=None)
    close_reason = Text(default=None)


class ReservedNumber(Table, tablename="civil_status_reserved_number"):
    """One number of a block and what became of it; none is ever deleted.

    Attributes:
        state: ``free``, ``taken`` by a record, ``void`` for a reason, or ``unused``
            when its block was closed.
    """

    tenant_id = Integer(default=None)
    id = UUID(primary_key=True, default=None)
    block_id = UUID(default=None)
    book = Text(default=None)
    year = Integer(default=None)
    number = Integer(default=None)
    state = Text(default=None)
    record_kind = Text(null=True, default=None)
    record_id = UUID(null=True, default=None)
    reason = Text(default=None)
    by = Text(default=None)
    at = Timestamptz(default=None)


RECORDS: dict[str, type[Table]] = {
    "birth": BirthRecord,
    "marriage": MarriageRecord,
    "death": DeathRecord,
    "marital": MaritalRecord,
    "guardianship": GuardianshipRecord,
    "recognition": RecognitionRecord,
    "correction": CorrectionRecord,
}
"""The tables of records by kind."""
