"""What the general procedures decide by themselves."""

from motcua.plugin import ChosenLimit, ProcedureDefinition, Reception

ONLINE = "online"
"""The limit variant of a procedure filed online."""


def time_limit(procedure: ProcedureDefinition, reception: Reception) -> ChosenLimit | None:
    """Take the variant ``online`` of a dossier that was filed online."""
    has_variant = any(variant.id == ONLINE for variant in procedure.limit_variants)
    if reception.channel != ONLINE or not has_variant:
        return None
    return procedure.choose_limit({*reception.variants, ONLINE})
