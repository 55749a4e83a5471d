"""What is wrong with a form, in the words of its fields."""

from collections.abc import Iterable

from motcua.domain.errors import FieldFault
from motcua.plugin.texts import fault_text, text, texts
from motcua.web.forms.fields import Widget


def words(fault: FieldFault, label: str) -> str:
    """What to say about a fault, in the words of forms where they have their own."""
    told = {name: value for name, value in fault.fields.items() if name != "field"}
    if label:
        told["label"] = label
    own = f"counter.fault.{fault.fault}"
    if own in texts("vi"):
        return text(own, **{"label": fault.field} | told)
    return fault_text(FieldFault(fault.field, fault.fault, **told))


def named(widgets: Iterable[Widget], lead: str) -> dict[str, str]:
    """The label of every input in *widgets*, with that of what it belongs to after *lead*."""
    found: dict[str, str] = {}
    for widget in widgets:
        found[widget.name] = lead + widget.label
        repeated = widget.kind == "repeat"
        found |= named(widget.inner, lead if repeated else f"{lead}{widget.label} – ")
    return found
