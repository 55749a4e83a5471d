"""The errors people can cause and mend.

Each names the thing, its state, the cause and the way out. ``str(error)`` is
English for developers; users read the text stored under ``code``.
"""

from typing import Any, ClassVar


class MotCuaError(Exception):
    """Something was asked for that the one-stop shop cannot do.

    Attributes:
        code: The stable name of the fault; it is the ``type`` of a problem
            details answer and the key of the Vietnamese text.
        status: The HTTP status an answer about it carries.
        fields: What the text names, by placeholder.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 422

    def __init__(self, message: str = "", **fields: Any) -> None:
        """Keep *fields* for the texts; *message* is for developers."""
        self.fields = fields
        super().__init__(message or self.describe())

    def describe(self) -> str:
        """One English line made of the code and the fields."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return f"{self.code}: {told}" if told else self.code


class FieldFault(MotCuaError):  # noqa: N818 - it is a fault found in a form, not a failure of the program
    """One thing that is wrong with one field of a form or a file.

    Raised alone or gathered into an :class:`InvalidAnswersError`.
    """

    code = "field.invalid"

    def __init__(self, field: str, code: str, **fields: Any) -> None:
        """Name the *field* (a path such as ``children[0].name``) and the fault's *code*."""
        self.field = field
        self.fault = code
        super().__init__(f"{field}: {code}", field=field, **fields)

    def under(self, lead: str) -> "FieldFault":
        """The same fault with *lead* (such as ``papers[1].``) before its field."""
        told = {name: value for name, value in self.fields.items() if name != "field"}
        return FieldFault(lead + self.field, self.fault, **told)


class InvalidAnswersError(MotCuaError):
    """A form was filled in wrongly; holds *all* of its faults."""

    code = "answers.invalid"

    def __init__(self, faults: "list[FieldFault]") -> None:
        """Keep every fault, in the order of the form."""
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults), count=len(faults))
