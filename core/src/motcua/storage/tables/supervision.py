"""What a province reads of its units: numbers. Derived, rebuildable."""

from piccolo.columns import JSONB, Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class RatingFigure(Table, tablename="rating_figure", db=ENGINE):
    """How often an answer was given of one tenant's, day's and procedure's dossiers."""

    tenant_id = Integer(default=None)
    province_id = Integer(default=None)
    day = Date(default=None)
    procedure_code = Text(primary_key=True, default=None)
    question = Text(default=None)
    answer = Text(default=None)
    n = Integer(default=None)


class UnitStanding(Table, tablename="unit_standing", db=ENGINE):
    """How a tenant stood when it was last looked at."""

    tenant_id = Integer(primary_key=True, default=None)
    province_id = Integer(default=None)
    at = Timestamptz(default=None)
    open = Integer(default=None)
    late = Integer(default=None)
    overdue_of = JSONB(default=None)
    serves = Boolean(default=None)
    signers_ended = Integer(default=None)
    book_gaps = Integer(default=None)
