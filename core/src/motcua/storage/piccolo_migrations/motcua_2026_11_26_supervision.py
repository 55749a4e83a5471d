"""What a province reads of its units besides the daily figures: numbers, nothing else."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import derived, sql_migration

ID = "2026-11-26T15:25:00:000000"
DESCRIPTION = "Figures of ratings, and how each unit stands"

TABLES = """
CREATE TABLE rating_figure (
    tenant_id int NOT NULL REFERENCES tenant (id),
    province_id int NOT NULL REFERENCES tenant (id),
    day date NOT NULL,
    procedure_code text NOT NULL,
    rated int NOT NULL,
    satisfied int NOT NULL,
    PRIMARY KEY (tenant_id, day, procedure_code)
);
CREATE INDEX rating_figure_province ON rating_figure (province_id, day);
CREATE TABLE unit_standing (
    tenant_id int NOT NULL REFERENCES tenant (id),
    province_id int NOT NULL REFERENCES tenant (id),
    at timestamptz NOT NULL,
    open int NOT NULL,
    late int NOT NULL,
    serves boolean NOT NULL,
    signers_ended int NOT NULL,
    book_gaps int NOT NULL,
    PRIMARY KEY (tenant_id)
);
CREATE INDEX unit_standing_province ON unit_standing (province_id);
"""

RATED_BEFORE = """
INSERT INTO rating_figure
SELECT r.tenant_id, coalesce(t.parent_id, t.id), r.day, r.procedure_code,
       count(*), count(*) FILTER (WHERE r.answers ->> 'overall' <> 'khong-hai-long')
  FROM rating r JOIN tenant t ON t.id = r.tenant_id
 WHERE r.answers ->> 'overall' IS NOT NULL
 GROUP BY 1, 2, 3, 4;
"""


async def forwards() -> MigrationManager:
    """Create the tables, put their walls around them and count what was rated before."""
    return sql_migration(
        ID,
        "motcua",
        DESCRIPTION,
        TABLES,
        derived("rating_figure"),
        derived("unit_standing"),
        RATED_BEFORE,
        backwards=("DROP TABLE unit_standing; DROP TABLE rating_figure;",),
    )
