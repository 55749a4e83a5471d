"""The records of civil status and their history."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import JSONB, UUID, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.plugin.tables import create_tenant_table, sql_migration

ID = "2026-11-23T23:55:00:000000"
DESCRIPTION = "Records of births, marriages, deaths and what follows from them"


class Record:
    """What every record held then."""

    tenant_id = Integer()
    id = UUID(primary_key=True)
    dossier_id = UUID()
    dossier_code = Text()
    procedure = Text()
    book = Text()
    year = Integer()
    registered_on = Date()
    official_number = Text(null=True)
    official_key = Text(null=True)
    reserved_number = Text(null=True)
    reserved_key = Text(null=True)
    subject_name = Text()
    subject_key = Text()
    subject_id_number = Text()
    subject_birth = Text()
    other_name = Text()
    other_key = Text()
    other_id_number = Text()
    other_birth = Text()
    event_date = Date(null=True)
    place_line = Text()
    place_unit = Text()
    data = JSONB()
    created_at = Timestamptz()
    changed_at = Timestamptz()


class BirthRecord(Record, Table, tablename="civil_status_birth"):
    """``civil_status_birth`` as this migration made it."""

    father_name = Text()
    father_key = Text()
    origin_line = Text()
    origin_unit = Text()


class MarriageRecord(Record, Table, tablename="civil_status_marriage"):
    """``civil_status_marriage`` as this migration made it."""


class DeathRecord(Record, Table, tablename="civil_status_death"):
    """``civil_status_death`` as this migration made it."""

    last_residence_line = Text()
    last_residence_unit = Text()


class MaritalRecord(Record, Table, tablename="civil_status_marital"):
    """``civil_status_marital`` as this migration made it."""

    purpose = Text()


class GuardianshipRecord(Record, Table, tablename="civil_status_guardianship"):
    """``civil_status_guardianship`` as this migration made it."""

    entry = Text()
    ends = UUID(null=True)
    ended_on = Date(null=True)


class RecognitionRecord(Record, Table, tablename="civil_status_recognition"):
    """``civil_status_recognition`` as this migration made it."""

    recognition_kind = Text()


class CorrectionRecord(Record, Table, tablename="civil_status_correction"):
    """``civil_status_correction`` as this migration made it."""

    request_kind = Text()
    reference = Text()
    before = Text()
    after = Text()
    reason = Text()
    record_kind = Text(null=True)
    record_id = UUID(null=True)


class RecordHistory(Table, tablename="civil_status_history"):
    """``civil_status_history`` as this migration made it."""

    tenant_id = Integer()
    id = UUID(primary_key=True)
    record_kind = Text()
    record_id = UUID()
    at = Timestamptz()
    what = Text()
    before = Text()
    after = Text()
    after_key = Text()
    decision = Text()
    dossier_id = UUID(null=True)
    by = Text()


RECORDS: tuple[type[Table], ...] = (
    BirthRecord,
    MarriageRecord,
    DeathRecord,
    MaritalRecord,
    GuardianshipRecord,
    RecognitionRecord,
    CorrectionRecord,
)
SEARCHED = ("subject_key", "other_key", "official_key", "reserved_key")


def _indexes(table: type[Table]) -> str:
    """What people look for: a name, a number."""
    name = table._meta.tablename  # noqa: SLF001 - Piccolo's documented way to a table's name
    return "".join(
        f"CREATE INDEX {name}_{column} ON {name} (tenant_id, {column});\n" for column in SEARCHED
    )


async def forwards() -> MigrationManager:
    """Create the records behind row-level security; the way back takes all of them away."""
    tables = [create_tenant_table(table) + _indexes(table) for table in RECORDS]
    history = create_tenant_table(RecordHistory, append_only=True) + (
        "CREATE INDEX civil_status_history_record ON civil_status_history (tenant_id, record_id);\n"
    )
    every: tuple[type[Table], ...] = (*RECORDS, RecordHistory)
    names = [table._meta.tablename for table in every]  # noqa: SLF001 - the same
    return sql_migration(
        ID,
        "civil_status",
        DESCRIPTION,
        *tables,
        history,
        backwards=[f"DROP TABLE {name};" for name in names],
    )
