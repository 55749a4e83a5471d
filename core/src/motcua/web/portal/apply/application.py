"""An application as it stands in its draft: what was typed, what it means, what is missing."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec

from motcua.domain.answers import REQUESTER, Answers, check_answers
from motcua.domain.errors import FieldFault
from motcua.domain.form import Field, FileField, PersonField
from motcua.domain.procedure import ProcedureDefinition
from motcua.plugin.texts import text
from motcua.services.assess import Filing, Paper
from motcua.services.drafts import SentFile
from motcua.web.forms.fields import Widget, walk
from motcua.web.forms.told import named, words
from motcua.web.forms.typed import Typed, answers, number, person, rows, whole_dates, without
from motcua.web.portal.apply.plan import RESULT, WHO, Step, steps, supplied
from motcua.web.portal.apply.writer import PortalWriter

APPLICANT, HELPER, ANSWER, RESULT_BY = "nguoi", "giup", "a", "tra"
AS_APPLICANT = "nhu"
OTHER, POST = "nguoi-khac", "post"
HELPER_PARTS = ("name", "id_number", "phone")
_LONGEST_LINE = 255


class Application:
    """Reads the draft of one procedure.

    Attributes:
        definition: The version in force.
        typed: What was typed, by the fields' names.
    """

    def __init__(
        self,
        definition: ProcedureDefinition,
        typed: Typed,
        today: dt.date,
        files: Sequence[SentFile] = (),
        *,
        amends: bool = False,
        supply: bool = False,
    ) -> None:
        """Hold what was *typed*, and the *files* sent, against the form of *definition*.

        With *amends* it completes a dossier: who applies, and how, stays as it was. With
        *supply* papers are added to one that is worked on, and nothing else.
        """
        self.definition = definition
        self.typed = whole_dates(typed)
        self._today = today
        self._files = files
        self._amends = amends
        self._supply = supply

    @property
    def for_another(self) -> bool:
        """Whether somebody files for the applicant."""
        return self.typed.get(f"{HELPER}.cho") == OTHER

    @cached_property
    def checked(self) -> tuple[Answers, list[FieldFault]]:
        """The clean answers, and everything that is wrong anywhere."""
        given = self._given()
        applicant = person(self.typed, APPLICANT)
        clean, faults = check_answers(
            self.definition, given, applicant=applicant, today=self._today
        )
        if self._supply:
            return clean, []
        if self._amends:
            return clean, faults
        return clean, [*faults, *self._helper_faults(), *self._result_faults()]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The pages that are asked, as far as the answers tell."""
        if self._supply:
            return (supplied(self.definition),)
        clean, _ = self.checked
        made = []
        for step in steps(self.definition):
            asked = tuple(
                field
                for field in step.fields
                if field.when is None or field.when.holds(clean.get(field.when.field))
            )
            if asked or (not step.fields and not self._amends):
                made.append(msgspec.structs.replace(step, fields=asked))
        return tuple(made)

    def step(self, step_id: str) -> Step | None:
        """The page called *step_id*, if it is asked."""
        return next((each for each in self.steps if each.id == step_id), None)

    def paper(self) -> Paper:
        """What is submitted."""
        helper = self._helper() if self.for_another else {}
        return Paper(
            procedure=self.definition.code,
            applicant=person(self.typed, APPLICANT),
            answers=self._given(),
            filing=Filing(
                result_way=self._said(f"{RESULT_BY}.cach") or "counter",
                result_address=self._said(f"{RESULT_BY}.dia_chi") if self._by_post else "",
                filed_by=helper,
                authority=self._said(f"{HELPER}.giay") if helper else "",
                no_messages=bool(self._said(f"{RESULT_BY}.khong_nhan")),
            ),
        )

    def widgets(self, step: Step, errors: dict[str, str], focus: str = "") -> list[Widget]:
        """The fields of a page, with what stands in them."""
        own = "" if self.for_another else APPLICANT
        writer = PortalWriter(self.typed, errors, focus, own)
        if step.id == WHO:
            return self._who(writer)
        if step.id == RESULT:
            return self._result(writer)
        return [self._question(writer, field) for field in step.fields]

    def errors(self, step: Step) -> dict[str, str]:
        """What is wrong on a page, by the field's name, in the order of the page."""
        drawn = named(self.widgets(step, {}), "")
        found: dict[str, str] = {}
        for fault in self.checked[1]:
            name = _place(fault.field)
            if any(_within(name, each) for each in drawn):
                found.setdefault(name, self._told(fault, drawn.get(name, "")))
        order = {name: place for place, name in enumerate(drawn)}
        return dict(sorted(found.items(), key=lambda each: order.get(each[0], len(order))))

    def refused(self, faults: Iterable[FieldFault]) -> list[tuple[str, str]]:
        """What the rules have against the answers: the page of each fault, and its words."""
        drawn = {step.id: named(self.widgets(step, {}), "") for step in self.steps}
        told = []
        for fault in faults:
            name = _place(fault.field)
            page = next(
                (
                    page
                    for page, known in drawn.items()
                    if any(_within(name, each) for each in known)
                ),
                self.steps[0].id,
            )
            told.append((page, self._told(fault, drawn[page].get(name, ""))))
        return told

    def _told(self, fault: FieldFault, label: str) -> str:
        """What to say about a fault; a paper that is missing can be sent or brought."""
        papers = {each.id for each in self._asked if isinstance(each, FileField)}
        if fault.fault == "field.missing" and fault.field in papers:
            return text("apply.papers.missing", paper=label)
        return words(fault, label)

    def targets(self, step: Step, errors: dict[str, str]) -> list[tuple[str, str]]:
        """Where the list of faults leads: ids and words."""
        drawn = list(walk(self.widgets(step, errors)))
        ids = {widget.name: widget.target for widget in drawn}
        first = drawn[0].target
        return [(ids.get(name, first), told) for name, told in errors.items()]

    def merged(self, step: Step, sent: Typed) -> dict[str, str]:
        """What was typed before, with the page's own fields as they were *sent* now."""
        leads = [widget.name for widget in walk(self.widgets(step, {}))]
        mine = [name for name in self.typed if any(_within(name, lead) for lead in leads)]
        kept = {name: value for name, value in self.typed.items() if name not in mine}
        new = {
            name: value
            for name, value in sent.items()
            if any(_within(name, lead) for lead in leads)
        }
        return kept | new

    def changed(self, step: Step, what: str) -> tuple[dict[str, str], str]:
        """What was typed with a row more or less, as a button asked; and where one goes on."""
        verb, _, rest = what.partition(":")
        name, _, row = rest.partition(":")
        if verb == AS_APPLICANT:
            return self._as_applicant(step, name), ""
        field = next((each for each in step.fields if f"{ANSWER}.{each.id}" == name), None)
        if field is None or field.repeat is None:
            return dict(self.typed), ""
        count = rows(field, self.typed, name)
        if verb == "them":
            return {**self.typed, f"{name}#": str(count + 1)}, f"{name}[{count}]"
        at = number(row)
        if not isinstance(at, int):
            return dict(self.typed), ""
        left = without(self.typed, lambda n: f"{name}[{n}]", at, count)
        return {**left, f"{name}#": str(count - 1)}, ""

    def files(self, field: str) -> list[SentFile]:
        """The files sent for a question."""
        return [each for each in self._files if each.field == field]

    def _given(self) -> dict[str, Any]:
        """The answers as they were typed; a paper's is its file, or that it will be brought."""
        given = answers(self._asked, self.typed, ANSWER)
        for field in self._asked:
            if not isinstance(field, FileField):
                continue
            sent = [{"name": each.name, "id": str(each.id)} for each in self.files(field.id)]
            brought = text("apply.papers.brought", paper=field.label)[:_LONGEST_LINE]
            said = [brought] if self._said(f"{ANSWER}.{field.id}") else []
            value = sent or said
            given.pop(field.id, None)
            if value:
                given[field.id] = value if field.repeat else value[0]
        return given

    def _as_applicant(self, step: Step, name: str) -> dict[str, str]:
        """What was typed, with the applicant in the place of the person called *name*."""
        people = [f"{ANSWER}.{each.id}" for each in step.fields if isinstance(each, PersonField)]
        if name not in people:
            return dict(self.typed)
        mine = {
            name + typed.removeprefix(APPLICANT): value
            for typed, value in self.typed.items()
            if _within(typed, APPLICANT)
        }
        return {**self.typed, **mine}

    @property
    def _asked(self) -> tuple[Field, ...]:
        return tuple(each for each in self.definition.form if each.id != REQUESTER)

    @property
    def _by_post(self) -> bool:
        return self._said(f"{RESULT_BY}.cach") == POST

    def _said(self, name: str) -> str:
        return self.typed.get(name, "").strip()

    def _helper(self) -> dict[str, str]:
        said = {part: self._said(f"{HELPER}.{part}") for part in HELPER_PARTS}
        return {part: value for part, value in said.items() if value}

    def _question(self, writer: PortalWriter, field: Field) -> Widget:
        """One question; a person may be the applicant, who is never asked for twice."""
        made = writer.field(field, f"{ANSWER}.{field.id}")
        known = self._said(f"{APPLICANT}.name")
        if not isinstance(field, PersonField) or field.repeat is not None or not known:
            return made
        return msgspec.structs.replace(made, add=f"{AS_APPLICANT}:{made.name}")

    def _who(self, writer: PortalWriter) -> list[Widget]:
        """Who applies, and who files for them."""
        options = (("chinh-toi", text("apply.who.self")), (OTHER, text("apply.who.other")))
        name = f"{HELPER}.cho"
        return [
            writer.choice(name, text("apply.who.for"), options, required=True),
            msgspec.structs.replace(
                writer.person(APPLICANT, text("apply.who.applicant"), required=True),
                hint=text("apply.who.phone_hint"),
            ),
            Widget(
                kind="group",
                name=f"{HELPER}.nguoi",
                label=text("apply.who.helper"),
                hint=text("apply.who.helper_hint"),
                required=True,
                only_if=text("apply.who.helper_only"),
                watch=name,
                among=(OTHER,),
                parts=(
                    *(
                        writer.text(
                            f"{HELPER}.{part}",
                            text(f"counter.person.{part}"),
                            mode={"id_number": "numeric", "phone": "tel"}.get(part, ""),
                            plain=True,
                        )
                        for part in HELPER_PARTS
                    ),
                    writer.text(
                        f"{HELPER}.giay",
                        text("apply.who.authority"),
                        hint=text("apply.who.authority_hint"),
                        plain=True,
                    ),
                ),
            ),
        ]

    def _result(self, writer: PortalWriter) -> list[Widget]:
        options = (("counter", text("apply.result.counter")), (POST, text("apply.result.post")))
        way = f"{RESULT_BY}.cach"
        address = writer.text(
            f"{RESULT_BY}.dia_chi",
            text("apply.result.address"),
            hint=text("apply.result.address_hint"),
            plain=True,
        )
        return [
            writer.choice(way, text("apply.result.how"), options, required=True),
            msgspec.structs.replace(address, watch=way, among=(POST,)),
            writer.check(f"{RESULT_BY}.khong_nhan", text("apply.result.no_messages")),
        ]

    def _helper_faults(self) -> Iterable[FieldFault]:
        if self._said(f"{HELPER}.cho") not in ("chinh-toi", OTHER):
            yield FieldFault(f"{HELPER}.cho", "apply.choose-one")
        if not self.for_another:
            return
        for part in ("name", "giay"):
            if not self._said(f"{HELPER}.{part}"):
                yield FieldFault(f"{HELPER}.{part}", "field.missing", label="")
        yield from self._too_long(*(f"{HELPER}.{part}" for part in (*HELPER_PARTS, "giay")))

    def _result_faults(self) -> Iterable[FieldFault]:
        way = self._said(f"{RESULT_BY}.cach")
        if way not in ("counter", POST):
            yield FieldFault(f"{RESULT_BY}.cach", "apply.choose-one")
        if self._by_post and not self._said(f"{RESULT_BY}.dia_chi"):
            yield FieldFault(f"{RESULT_BY}.dia_chi", "field.missing", label="")
        yield from self._too_long(f"{RESULT_BY}.dia_chi")

    def _too_long(self, *names: str) -> Iterable[FieldFault]:
        for name in names:
            if len(self._said(name)) > _LONGEST_LINE:
                yield FieldFault(name, "field.too-long", label="", most=_LONGEST_LINE)


def _place(path: str) -> str:
    """The name of the field that a fault's path means."""
    first, _, rest = path.partition(".")
    if first in ("applicant", REQUESTER):
        return f"{APPLICANT}.{rest or 'name'}"
    return path if first in (HELPER, RESULT_BY) else f"{ANSWER}.{path}"


def _within(name: str, lead: str) -> bool:
    """Whether *name* is *lead*, or goes on after it with a new part."""
    rest = name.removeprefix(lead)
    return name.startswith(lead) and (not rest or rest[0] in ".[-#")
