"""What a province reads of its units: numbers. Derived, rebuildable."""

from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from motcua.storage.engine import ENGINE


class RatingFigure(Table, tablename="rating_figure", db=ENGINE):
    """How many dossiers of one tenant, day and procedure were rated, and how many well."""

    tenant_id = Integer(default=None)
    province_id = Integer(default=None)
    day = Date(default=None)
    procedure_code = Text(primary_key=True, default=None)
    rated = Integer(default=None)
    satisfied = Integer(default=None)


class UnitStanding(Table, tablename="unit_standing", db=ENGINE):
    """How a tenant stood when it was last looked at."""

    tenant_id = Integer(primary_key=True, default=None)
    province_id = Integer(default=None)
    at = Timestamptz(default=None)
    open = Integer(default=None)
    late = Integer(default=None)
    serves = Boolean(default=None)
    signers_ended = Integer(default=None)
    book_gaps = Integer(default=None)
