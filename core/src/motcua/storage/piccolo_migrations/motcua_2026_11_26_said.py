"""What a province reads of ratings, answer by answer, and of which procedures dossiers are late."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from motcua.plugin.tables import derived, sql_migration

ID = "2026-11-26T22:05:00:000000"
DESCRIPTION = "Figures of ratings by question, and overdue dossiers by procedure"

# Both tables are derived, and counted anew here.
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
ALTER TABLE unit_standing ADD COLUMN overdue_of jsonb NOT NULL DEFAULT '[]';
ALTER TABLE unit_standing ALTER COLUMN overdue_of DROP DEFAULT;
"""

RATED_BEFORE = """
INSERT INTO rating_figure
SELECT r.tenant_id, coalesce(t.parent_id, t.id), r.day, r.procedure_code, a.key, a.value, count(*)
  FROM rating r JOIN tenant t ON t.id = r.tenant_id, jsonb_each_text(r.answers) a
 GROUP BY 1, 2, 3, 4, 5, 6;
"""

OVERDUE_BEFORE = """
UPDATE unit_standing s SET late = o.late, overdue_of = o.overdue_of
  FROM (SELECT u.tenant_id, coalesce(sum(p.n), 0) AS late,
               coalesce(jsonb_agg(jsonb_build_object(
                   'field', p.field, 'procedure', p.procedure_code, 'n', p.n))
                   FILTER (WHERE p.n > 0), '[]') AS overdue_of
          FROM unit_standing u LEFT JOIN (
              SELECT d.tenant_id, d.field, d.procedure_code, count(*) AS n
                FROM dossier d JOIN unit_standing c ON c.tenant_id = d.tenant_id
               WHERE d.due_at < c.at AND d.state IN
                     ('received', 'appraising', 'with_other_agency', 'for_approval', 'approved')
               GROUP BY 1, 2, 3) p ON p.tenant_id = u.tenant_id
         GROUP BY 1) o
 WHERE o.tenant_id = s.tenant_id;
"""


async def forwards() -> MigrationManager:
    """Make the table anew and count what was said before."""
    return sql_migration(
        ID, "motcua", DESCRIPTION, TABLES, derived("rating_figure"), RATED_BEFORE, OVERDUE_BEFORE
    )
