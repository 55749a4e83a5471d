"""Who may do what with the books of a unit: the one table of it.

The administrator sets books up – where they begin, blocks for a day on paper, closing –
and sees how many numbers stand in them, but never what was entered.
"""

from collections.abc import Iterable

from motcua.domain.dossier import Role, RoleNotAllowedError
from motcua.domain.life import Actor
from motcua.plugin.guards import READERS

READ = READERS
"""Who reads the lines of a book: what was entered, for whom."""
SEE = READERS | {Role.ADMIN}
"""Who sees which books there are, with their numbers and blocks."""
KEEP = frozenset({Role.FIELD, Role.CLERK, Role.ADMIN})
"""Who begins books, adds volumes, reserves numbers for a day on paper and closes those blocks."""
CLOSE = frozenset({Role.CLERK, Role.LEADER, Role.ADMIN})
"""Who closes a book at the end of its year."""
ENTER = frozenset({Role.RECEPTION})
"""Who enters afterwards what was done on paper."""


def require(actor: Actor, roles: Iterable[Role]) -> None:
    """Refuse whoever has none of *roles*.

    Raises:
        RoleNotAllowedError: the actor has none.
    """
    if not set(roles) & set(actor.roles):
        raise RoleNotAllowedError(transition="", roles=tuple(sorted(roles)))
