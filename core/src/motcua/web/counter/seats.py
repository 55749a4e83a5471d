"""Who sits together to end a visit at the counter, as the form asks it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from motcua.domain.dossier import Role
from motcua.plugin.texts import text
from motcua.services import sitting
from motcua.services.printing import signers_for
from motcua.services.signers import Signer
from motcua.services.views import DossierView
from motcua.web.counter.frame import Counter

RECEIVER, SIGNER = "tc_nhan", "tc_ky"


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One person who is to be there, and proves who they are.

    Attributes:
        own: Those of the people who sign as the signers they are.
        name: The name of the field that says who; with ``_mk`` the password, ``_ma`` the code.
    """

    role: Role
    label: str
    people: list[tuple[str, str]]
    value: str
    own: frozenset[str] = frozenset()

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
        signers: Who may sign besides whoever approves, where there is a choice.
        signer: Who signs, where there is none; nobody: whoever approves.
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
    seats = await _seats(counter, able, typed)
    on_paper = _on_paper(able)
    first = _signs_self(counter, able, seats)
    alone = not on_paper or (not first and len(on_paper) == 1)
    return Sitting(
        dossiers=ids,
        others=len(views) - len(still),
        seats=seats,
        signers=[] if alone else [("", text("sitting.signs_self")), *on_paper],
        signer=on_paper[0][0] if alone and on_paper else "",
        chosen=typed.get(SIGNER, "" if alone or first else on_paper[0][0]),
        receiver=typed.get(RECEIVER, still[0].applicant.get("name", "")),
    )


def _on_paper(able: Sequence[Signer]) -> list[tuple[str, str]]:
    """Those without an account: whoever approves enters their signature."""
    return [
        (str(each.id), text("counter.papers.signer", name=each.full_name, title=each.title))
        for each in able
        if each.staff_id is None
    ]


async def _seats(counter: Counter, able: Sequence[Signer], typed: Mapping[str, str]) -> list[Seat]:
    """Who is missing here; two different people first, and one of them may approve it."""
    found = {
        role: await sitting.candidates(counter.house, counter.desk, role)
        for role in sitting.missing(counter.actor)
    }
    own = {each.staff_id for each in able}
    seats: list[Seat] = []
    for role in reversed(found):
        people = found[role]
        if role is Role.LEADER and able:
            people = sorted(people, key=lambda each: each.id not in own)
            people = [each for each in people if each.id in own or None in own]
        names = [each.username for each in people]
        taken = {each.value for each in seats}
        first = next((each for each in names if each not in taken), names[0] if names else "")
        seat = Seat(
            role=role,
            label=text(f"sitting.seat.{role.value}"),
            people=[(each.username, each.full_name) for each in people],
            value=typed.get(seat_name(role), first),
            own=frozenset(each.username for each in people if each.id in own),
        )
        seats.append(seat)
    return seats[::-1]


def _signs_self(counter: Counter, able: Sequence[Signer], seats: Sequence[Seat]) -> bool:
    """Whether who approves as the form comes signs as the signer they are."""
    for seat in seats:
        if seat.role is Role.LEADER:
            return seat.value in seat.own
    return any(each.staff_id == counter.actor.id for each in able)
