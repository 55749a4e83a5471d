"""The states of a dossier and the transitions between them.

The table mirrors what one-stop practice asks: who may take a step, what it
needs, what it does to the clock and which paper it prints. Nothing here reads
a clock or a database.
"""

import enum
from typing import Literal

import msgspec

from motcua.domain.errors import MotCuaError


class State(enum.StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PRE_SUPPLEMENT = "pre_supplement"
    REFUSED = "refused"
    RECEIVED = "received"
    APPRAISING = "appraising"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    AWAITING_PAYMENT = "awaiting_payment"
    WITH_OTHER_AGENCY = "with_other_agency"
    FOR_APPROVAL = "for_approval"
    APPROVED = "approved"
    RESULT_READY = "result_ready"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


class Role(enum.StrEnum):
    """Who may act; one person may hold several roles."""

    CITIZEN = "citizen"
    RECEPTION = "reception"
    FIELD = "field"
    LEADER = "leader"
    CLERK = "clerk"
    CASHIER = "cashier"
    HEAD = "head"
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


STAFF_ROLES = tuple(role for role in Role if role not in (Role.CITIZEN, Role.SYSTEM))

IN_PROCESS = (
    State.RECEIVED,
    State.APPRAISING,
    State.SUPPLEMENT_REQUESTED,
    State.AWAITING_PAYMENT,
    State.WITH_OTHER_AGENCY,
    State.FOR_APPROVAL,
    State.APPROVED,
)
"""Received and not decided: what every page that counts calls *đang giải quyết*."""
RUNNING = tuple(
    state
    for state in IN_PROCESS
    if state not in (State.SUPPLEMENT_REQUESTED, State.AWAITING_PAYMENT)
)
"""Of them, those whose clock runs: they alone are due some day, and overdue after it."""
UNDECIDED = tuple(state for state in IN_PROCESS if state is not State.APPROVED)
PRINTING = (State.RECEIVED, State.APPRAISING, State.FOR_APPROVAL, State.APPROVED)
"""Where the texts of a result may be printed, their numbers on them."""
NOT_RECEIVED = (State.DRAFT, State.SUBMITTED, State.PRE_SUPPLEMENT, State.REFUSED)
NOT_FINISHED = (State.SUBMITTED, State.PRE_SUPPLEMENT, *IN_PROCESS)
FINAL = (State.REFUSED, State.RETURNED, State.WITHDRAWN, State.STOPPED)
OPEN = (*NOT_FINISHED, State.RESULT_READY)
"""Not ended: *chưa xong*, so also what waits to be received or to be fetched."""

WORKED_BY: dict[State, Role] = {
    State.SUBMITTED: Role.RECEPTION,
    State.RECEIVED: Role.RECEPTION,
    State.APPRAISING: Role.FIELD,
    State.SUPPLEMENT_REQUESTED: Role.FIELD,
    State.AWAITING_PAYMENT: Role.CASHIER,
    State.WITH_OTHER_AGENCY: Role.FIELD,
    State.FOR_APPROVAL: Role.LEADER,
    State.APPROVED: Role.CLERK,
    State.RESULT_READY: Role.RECEPTION,
}
"""Whose desk a dossier lies on: who may take it there, and who it may be given to."""

NATIONAL_CODE: dict[State, int | None] = {
    State.DRAFT: None,
    State.SUBMITTED: 1,
    State.PRE_SUPPLEMENT: 5,
    State.REFUSED: 3,
    State.RECEIVED: 2,
    State.APPRAISING: 4,
    State.SUPPLEMENT_REQUESTED: 5,
    State.AWAITING_PAYMENT: 6,
    State.WITH_OTHER_AGENCY: 4,
    State.FOR_APPROVAL: 4,
    State.APPROVED: 4,
    State.RESULT_READY: 9,
    State.RETURNED: 10,
    State.WITHDRAWN: 7,
    State.STOPPED: 8,
}
"""The national portal's status number; derived, never stored as the truth."""

NeedKind = Literal["text", "lines", "moment", "choice", "amount"]


class Need(msgspec.Struct, frozen=True):
    """One thing a transition asks of the person who takes it.

    ``lines`` is a list of texts, ``moment`` an aware date and time, ``amount``
    whole VND. A form is generated from it, and the same rules check the API.
    """

    name: str
    kind: NeedKind
    required: bool = True
    options: tuple[str, ...] = ()


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: from, to, by whom, with what."""

    id: str
    sources: tuple[State, ...]
    """States it may leave."""
    opens: bool = False
    """Whether a dossier may begin with it."""
    target: State | None
    """``None``: the state stays as it is."""
    roles: tuple[Role, ...]
    needs: tuple[Need, ...] = ()
    needs_reason: bool = False
    clock: Literal["starts", "stops", "ends", "pauses", "resumes", "re-dates", "runs", "none"]
    form: str = ""
    """The paper it prints: F01 to F07, or empty."""


_WAYS = ("counter", "post", "online")

TRANSITIONS: dict[str, Transition] = {
    row.id: row
    for row in (
        Transition(
            id="T01",
            sources=(State.DRAFT,),
            opens=True,
            target=State.SUBMITTED,
            roles=(Role.CITIZEN,),
            clock="none",
        ),
        Transition(
            id="T02",
            sources=(),
            opens=True,
            target=State.RECEIVED,
            roles=(Role.RECEPTION,),
            clock="starts",
            form="F01",
        ),
        Transition(
            id="T03",
            sources=(State.SUBMITTED,),
            target=State.RECEIVED,
            roles=(Role.RECEPTION,),
            clock="starts",
            form="F01",
        ),
        Transition(
            id="T04",
            sources=(State.SUBMITTED,),
            opens=True,
            target=State.PRE_SUPPLEMENT,
            roles=(Role.RECEPTION,),
            needs=(Need("items", "lines"), Need("until", "moment", required=False)),
            needs_reason=True,
            clock="none",
            form="F02",
        ),
        Transition(
            id="T05",
            sources=(State.PRE_SUPPLEMENT,),
            target=State.SUBMITTED,
            roles=(Role.CITIZEN, Role.RECEPTION),
            clock="none",
        ),
        Transition(
            id="T06",
            sources=(State.PRE_SUPPLEMENT,),
            target=State.REFUSED,
            roles=(Role.RECEPTION,),
            needs_reason=True,
            clock="none",
            form="F03",
        ),
        Transition(
            id="T07",
            sources=(State.SUBMITTED,),
            opens=True,
            target=State.REFUSED,
            roles=(Role.RECEPTION,),
            needs=(
                Need("refusal_ground", "text", required=False),
                Need("right_agency", "text", required=False),
            ),
            needs_reason=True,
            clock="none",
            form="F03",
        ),
        Transition(
            id="T08",
            sources=(State.RECEIVED,),
            target=State.APPRAISING,
            roles=(Role.RECEPTION,),
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T09",
            sources=(State.APPRAISING,),
            target=State.SUPPLEMENT_REQUESTED,
            roles=(Role.FIELD,),
            needs=(Need("items", "lines"), Need("until", "moment", required=False)),
            needs_reason=True,
            clock="stops",
            form="F02",
        ),
        Transition(
            id="T10",
            sources=(State.SUPPLEMENT_REQUESTED,),
            target=State.APPRAISING,
            roles=(Role.RECEPTION,),
            needs=(Need("items", "lines", required=False), Need("until", "moment", required=False)),
            clock="resumes",
            form="F01",
        ),
        Transition(
            id="T11",
            sources=(State.SUPPLEMENT_REQUESTED,),
            target=State.STOPPED,
            roles=(Role.FIELD, Role.SYSTEM),
            needs_reason=True,
            clock="ends",
            form="F05",
        ),
        Transition(
            id="T12",
            sources=(State.APPRAISING,),
            target=State.AWAITING_PAYMENT,
            roles=(Role.FIELD,),
            needs=(Need("amount", "amount"), Need("ground", "text")),
            clock="pauses",
        ),
        Transition(
            id="T13",
            sources=(State.AWAITING_PAYMENT,),
            target=State.APPRAISING,
            roles=(Role.CASHIER, Role.RECEPTION),
            needs=(Need("receipt", "text"),),
            clock="resumes",
        ),
        Transition(
            id="T14",
            sources=(State.APPRAISING,),
            target=State.WITH_OTHER_AGENCY,
            roles=(Role.FIELD,),
            needs=(
                Need("agency", "text"),
                Need("question", "text"),
                Need("until", "moment", required=False),
            ),
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T15",
            sources=(State.WITH_OTHER_AGENCY,),
            target=State.APPRAISING,
            roles=(Role.FIELD,),
            needs=(Need("answer", "text"),),
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T16",
            sources=(State.APPRAISING,),
            target=State.FOR_APPROVAL,
            roles=(Role.FIELD,),
            needs=(Need("opinion", "text", required=False),),
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T17",
            sources=(State.FOR_APPROVAL,),
            target=State.APPRAISING,
            roles=(Role.LEADER,),
            needs_reason=True,
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T18",
            sources=(State.FOR_APPROVAL,),
            target=State.APPROVED,
            roles=(Role.LEADER,),
            needs=(Need("signer", "text", required=False),),
            clock="runs",
        ),
        Transition(
            id="T19",
            sources=(State.APPROVED,),
            target=State.RESULT_READY,
            roles=(Role.CLERK, Role.FIELD),
            clock="ends",
        ),
        Transition(
            id="T20",
            sources=(State.RESULT_READY,),
            target=State.RETURNED,
            roles=(Role.RECEPTION,),
            needs=(
                Need("received_by", "text"),
                Need("way", "choice", options=_WAYS),
                Need("receiver_id", "text", required=False),
                Need("authority", "text", required=False),
                Need("checked", "lines", required=False),
            ),
            clock="none",
            form="F07",
        ),
        Transition(
            id="T21",
            sources=IN_PROCESS,
            target=None,
            roles=(Role.LEADER,),
            needs=(Need("new_due", "moment"),),
            needs_reason=True,
            clock="re-dates",
            form="F04",
        ),
        Transition(
            id="T22",
            sources=UNDECIDED,
            target=State.WITHDRAWN,
            roles=(Role.RECEPTION, Role.CITIZEN),
            needs_reason=True,
            clock="ends",
            form="F05",
        ),
        Transition(
            id="T23",
            sources=IN_PROCESS,
            target=State.STOPPED,
            roles=(Role.LEADER,),
            needs=(Need("ground", "text"),),
            needs_reason=True,
            clock="ends",
            form="F05",
        ),
        Transition(
            id="T24",
            sources=(State.APPRAISING,),
            target=State.FOR_APPROVAL,
            roles=(Role.FIELD,),
            needs=(Need("ground", "text"),),
            needs_reason=True,
            clock="runs",
        ),
        Transition(
            id="T25",
            sources=(State.RETURNED,),
            target=None,
            roles=(Role.RECEPTION, Role.FIELD, Role.LEADER),
            needs_reason=True,
            clock="none",
        ),
        Transition(
            id="T26",
            sources=UNDECIDED,
            target=State.WITHDRAWN,
            roles=(Role.ADMIN,),
            needs=(Need("second_person", "text"),),
            needs_reason=True,
            clock="ends",
        ),
        Transition(
            id="T27",
            sources=IN_PROCESS,
            target=None,
            roles=(Role.SYSTEM,),
            needs=(
                Need("basis", "text"),
                Need("back", "choice", required=False, options=("closure",)),
            ),
            clock="re-dates",
        ),
        Transition(
            id="T28",
            sources=IN_PROCESS,
            target=None,
            roles=(Role.FIELD, Role.LEADER),
            needs=(
                Need("until", "moment", required=False),
                Need("variant", "text", required=False),
                Need("ground", "text"),
                Need("paper", "text", required=False),
            ),
            clock="re-dates",
        ),
        Transition(
            id="T29",
            sources=IN_PROCESS,
            target=None,
            roles=(Role.SYSTEM, Role.ADMIN, Role.HEAD),
            needs=(Need("from", "moment"), Need("until", "moment"), Need("ground", "text")),
            clock="re-dates",
        ),
        Transition(
            id="T30",
            sources=PRINTING,
            target=None,
            roles=(Role.FIELD, Role.CLERK, Role.RECEPTION),
            clock="none",
        ),
        Transition(
            id="T31",
            sources=IN_PROCESS,
            target=None,
            roles=(Role.FIELD, Role.CLERK, Role.LEADER),
            needs=(Need("number", "text"),),
            needs_reason=True,
            clock="none",
        ),
        Transition(
            id="T32",
            sources=RUNNING,
            target=None,
            roles=(Role.FIELD, Role.LEADER),
            needs=(Need("stage", "text"), Need("paper", "text", required=False)),
            clock="runs",
        ),
        Transition(
            id="T33",
            sources=RUNNING,
            target=None,
            roles=(Role.FIELD,),
            needs=(Need("variant", "text"), Need("question", "text", required=False)),
            clock="re-dates",
        ),
        Transition(
            id="T34",
            sources=RUNNING,
            target=None,
            roles=(Role.FIELD, Role.RECEPTION),
            needs=(Need("answer", "text"),),
            clock="re-dates",
        ),
        Transition(
            id="T35",
            sources=tuple(state for state in RUNNING if state is not State.APPROVED),
            target=State.RESULT_READY,
            roles=(Role.SYSTEM,),
            needs=(Need("term", "moment"), Need("ground", "text")),
            clock="ends",
        ),
        Transition(
            id="T36",
            sources=OPEN,
            target=None,
            roles=(Role.CITIZEN,),
            needs=(
                Need("result_way", "choice", required=False, options=("counter", "post")),
                Need("result_address", "text", required=False),
                Need("documents", "lines", required=False),
            ),
            clock="none",
        ),
        Transition(
            id="T37",
            sources=tuple(WORKED_BY),
            target=None,
            roles=(*dict.fromkeys(WORKED_BY.values()), Role.HEAD, Role.ADMIN),
            needs=(Need("holder", "text"),),
            clock="none",
        ),
        Transition(
            id="T38",
            sources=(State.APPRAISING,),
            target=State.RECEIVED,
            roles=(Role.RECEPTION,),
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T39",
            sources=(State.FOR_APPROVAL,),
            target=State.APPRAISING,
            roles=(Role.FIELD,),
            clock="runs",
            form="F06",
        ),
        Transition(
            id="T40",
            sources=(State.RECEIVED, State.APPRAISING),
            target=None,
            roles=(Role.RECEPTION,),
            needs_reason=True,
            clock="none",
            form="F01",
        ),
        Transition(
            id="T41",
            sources=(State.SUBMITTED, State.PRE_SUPPLEMENT),
            target=State.WITHDRAWN,
            roles=(Role.CITIZEN,),
            needs_reason=True,
            clock="none",
        ),
    )
}
"""T01 to T41 by id."""

TAKES_BACK = {"T38": "T08", "T39": "T16"}
"""Taking back what one has just handed on, and the step that is taken back."""


class StepNotAllowedError(MotCuaError):
    """A dossier was asked to take a step its present state does not permit."""

    code = "dossier.step-not-allowed"
    status = 409


class RoleNotAllowedError(MotCuaError):
    """Somebody without the needed role asked for a step."""

    code = "dossier.role-not-allowed"
    status = 403


class UnknownTransitionError(MotCuaError):
    """There is no transition of that name."""

    code = "dossier.unknown-transition"


def transition(name: str) -> Transition:
    """The transition called *name* (``"T08"``)."""
    row = TRANSITIONS.get(name)
    if row is None:
        raise UnknownTransitionError(transition=name)
    return row


def leaving(state: State) -> tuple[Transition, ...]:
    """Every transition that may be taken from *state*, in the table's order."""
    return tuple(row for row in TRANSITIONS.values() if state in row.sources)
