"""What the API takes in; what it gives out are mostly the Structs of the services."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

import msgspec

from motcua.services.assess import Agreed, OfficersDate, Paper
from motcua.services.signin_log import Event
from motcua.services.views import DossierView, EventView
from motcua.services.visit import Received


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A user name and its password.

    Attributes:
        code: Of the second factor, if the account has one: six digits, or a recovery code.
    """

    username: str
    password: str
    code: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session; *token* goes into the ``Authorization`` header as ``Bearer``.

    Attributes:
        due: What has to be done before anything else: ``password``, ``second_factor``.
    """

    token: str
    expires_at: dt.datetime
    name: str
    roles: tuple[str, ...]
    due: tuple[str, ...] = ()


class NewPassword(msgspec.Struct, frozen=True, kw_only=True):
    """Another password of one's own, and the one before."""

    current: str
    new: str


class SignInEvents(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the tenant's accounts, latest first."""

    events: list[Event]


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen's dossier, sent online."""

    procedure: str
    applicant: dict[str, Any]
    answers: dict[str, Any] = {}


class Supplement(msgspec.Struct, frozen=True, kw_only=True):
    """The answers that take the place of those sent before, and the secret told then."""

    secret: str
    answers: dict[str, Any]


class Reception(msgspec.Struct, frozen=True, kw_only=True):
    """What is received: the *papers* of a visit, or a dossier *submitted* online.

    Attributes:
        channel: Where the papers were handed in.
        papers: One or several; they get one receipt.
        payer: Who pays for all of them.
        submitted: The id of a dossier sent online; then there are no papers.
        variants: For a submitted dossier, the limit variants the officer picked.
        exemptions: For a submitted dossier, the fee exemptions the officer accepted.
        proofs: For a submitted dossier, the paper that proves each of them.
        optional_fees: For a submitted dossier, the optional fees asked for, by id.
        agreed: For a submitted dossier, the later time agreed in writing.
        no_limit: For a submitted dossier, the officer's date where no limit is known.
    """

    channel: Literal["counter", "post"] = "counter"
    papers: tuple[Paper, ...] = ()
    payer: str = ""
    submitted: UUID | None = None
    variants: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    proofs: dict[str, str] = {}
    optional_fees: tuple[str, ...] = ()
    agreed: Agreed | None = None
    no_limit: OfficersDate | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """What is refused at the counter (T07); the form need not be complete.

    Attributes:
        refusal_ground: A ground of the procedure, by id; it makes the reason.
        reason: Why, where no ground fits, or what is to be added to it.
        right_agency: Who is competent, where this unit is not.
    """

    procedure: str
    applicant: dict[str, Any]
    answers: dict[str, Any] = {}
    channel: Literal["counter", "post"] = "counter"
    refusal_ground: str = ""
    reason: str = ""
    right_agency: str = ""


class SupplementRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing before reception (T04): one notice that lists all of it.

    Attributes:
        items: Everything that is missing.
        reason: Why, and how it is mended.
        until: By when.
    """

    procedure: str
    applicant: dict[str, Any]
    items: tuple[str, ...]
    reason: str
    answers: dict[str, Any] = {}
    channel: Literal["counter", "post"] = "counter"
    until: dt.datetime | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A transition to take, by who saw the dossier at *version*."""

    transition: str
    version: int
    reason: str = ""
    data: dict[str, Any] = {}


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """The ``data`` of a correction (T25); what is left out stays as it was.

    Attributes:
        applicant: The applicant, where it was wrong.
        answers: All answers, where one was wrong.
        variants: The limit variants the officer picked.
        agreed: The later time agreed in writing.
        no_limit: The officer's date where no limit is known.
    """

    applicant: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    variants: tuple[str, ...] = ()
    agreed: Agreed | None = None
    no_limit: OfficersDate | None = None


class Stepped(DossierView, frozen=True, kw_only=True):
    """A dossier after a step; *correction* is the new one that corrects it (T25)."""

    correction: Received | None = None


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed: the texts of a *visit*, or of some *dossiers*.

    Attributes:
        signer: Who is to sign, by id or name; needed only where several may.
    """

    visit: UUID | None = None
    dossiers: tuple[UUID, ...] = ()
    signer: str = ""


class LookUp(msgspec.Struct, frozen=True, kw_only=True):
    """The code of a dossier; with its secret more is told."""

    code: str
    secret: str = ""


class Events(msgspec.Struct, frozen=True):
    """What was done with a dossier, in order."""

    events: tuple[EventView, ...]
