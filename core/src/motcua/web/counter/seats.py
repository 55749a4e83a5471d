"""Who sits together to end a visit at the counter, as the form asks it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role
from motcua.plugin.texts import text
from motcua.services import sitting
from motcua.services.printing import signers_for
from motcua.services.views import DossierView
from motcua.web.counter.frame import Counter

RECEIVER, SIGNER = "tc_nhan", "tc_ky"


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One person who is to be there, and proves who they are.

    Attributes:
        name: The name of the field that says who; with ``_mk`` the password, ``_ma`` the code.
    """

    role: Role
    label: str
    people: list[tuple[str, str]]
    value: str

    @property
    def name(self) -> str:
        """The name of the field that says who comes."""
        return seat_name(self.role)


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """What ends a visit here and now.

    Attributes:
        dossiers: Those that can be ended so.
        others: How many of the visit cannot.
        seats: Whom it needs besides the officer at this screen.
        signers: Who may sign, where there is a choice.
        signer: Who signs, where there is none.
    """

    dossiers: tuple[UUID, ...]
    others: int
    seats: list[Seat]
    signers: list[tuple[str, str]]
    signer: str
    chosen: str
    receiver: str

    @property
    def empty(self) -> str:
        """A role nobody here has, so that it cannot be done."""
        return next((each.label for each in self.seats if not each.people), "")


def seat_name(role: Role) -> str:
    """The name of the field that says who comes in *role*."""
    return f"tc_{role.value}"


async def sitting_of(
    counter: Counter, views: Sequence[DossierView], typed: Mapping[str, str]
) -> Sitting | None:
    """What is left to be done at once; ``None``: nothing, or nothing of it may be."""
    house, desk = counter.house, counter.desk
    today = house.today()
    current = {
        code: house.catalogue.find(code, today) for code in {each.procedure for each in views}
    }
    still = [
        view
        for view in views
        if view.state in sitting.NEXT
        and (found := current[view.procedure]) is not None
        and sitting.fits(found.definition)
    ]
    if not still or not counter.has(Role.RECEPTION):
        return None
    ids = tuple(view.id for view in still)
    able = await signers_for(house, desk, ids)
    named = [
        (str(each.id), text("counter.papers.signer", name=each.full_name, title=each.title))
        for each in able
    ]
    return Sitting(
        dossiers=ids,
        others=len(views) - len(still),
        seats=[await _seat(counter, role, typed) for role in sitting.missing(counter.actor)],
        signers=named if len(named) > 1 else [],
        signer=named[0][0] if len(named) == 1 else "",
        chosen=typed.get(SIGNER, ""),
        receiver=typed.get(RECEIVER, still[0].applicant.get("name", "")),
    )


async def _seat(counter: Counter, role: Role, typed: Mapping[str, str]) -> Seat:
    found = await sitting.candidates(counter.house, counter.desk, role)
    return Seat(
        role=role,
        label=text(f"sitting.seat.{role.value}"),
        people=[(each.username, each.full_name) for each in found],
        value=typed.get(seat_name(role), found[0].username if found else ""),
    )
