"""What a province reads of ratings, answer by answer, and of which procedures dossiers are late."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import derived, sql_migration

ID = "2026-11-26T21:20:00:000000"
DESCRIPTION = "Figures of ratings by question, and overdue dossiers by procedure"

# Both tables are derived: the one is counted anew here, the other within the hour.
TABLES = """
DROP TABLE rating_figure;
CREATE TABLE rating_figure (
    tenant_id int NOT NULL REFERENCES tenant (id),
    province_id int NOT NULL REFERENCES tenant (id),
    day date NOT NULL,
    procedure_code text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    n int NOT NULL,
    PRIMARY KEY (tenant_id, day, procedure_code, question, answer)
);
CREATE INDEX rating_figure_province ON rating_figure (province_id, day);
DELETE FROM unit_standing;
ALTER TABLE unit_standing ADD COLUMN overdue_of jsonb NOT NULL DEFAULT '[]';
"""

RATED_BEFORE = """
INSERT INTO rating_figure
SELECT r.tenant_id, coalesce(t.parent_id, t.id), r.day, r.procedure_code, a.key, a.value, count(*)
  FROM rating r JOIN tenant t ON t.id = r.tenant_id, jsonb_each_text(r.answers) a
 GROUP BY 1, 2, 3, 4, 5, 6;
"""


async def forwards() -> MigrationManager:
    """Make the table anew and count what was said before."""
    return sql_migration(ID, "motcua", DESCRIPTION, TABLES, derived("rating_figure"), RATED_BEFORE)
