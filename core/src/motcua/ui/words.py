"""Limits and fees of a procedure in words that people understand."""

from collections.abc import Iterable

from motcua.domain.procedure import FeeItem, FeeKind
from motcua.domain.procedure_limit import Limit, LimitVariant, VariantMode
from motcua.plugin.texts import text
from motcua.services.words import counted_in, limit_words
from motcua.ui.format import money


def offered_limit_words(limit: Limit) -> str:
    """The limit of a definition: a number, a campaign, a chain of stages, or none known."""
    if limit.campaign:
        return text("ui.limit.campaign")
    if limit.stages and limit.time_limit is None:
        return text("ui.limit.stages", count=len(limit.stages))
    return limit_words(limit.time_limit)


def variant_words(variant: LimitVariant) -> str:
    """What a special case does to the limit: ``thêm 2 ngày làm việc``."""
    if variant.agreed:
        return text("ui.limit.agreed")
    key = "ui.limit.more" if variant.mode is VariantMode.ADDS else "ui.limit.instead"
    return text(key, limit=text(f"ui.limit.{variant.unit.value}", amount=variant.amount))


def fee_words(fees: Iterable[FeeItem]) -> str:
    """What a procedure costs, in one short phrase; the whole list stands on its page."""
    due = [fee for fee in fees if not fee.optional and fee.kind is not FeeKind.NONE]
    if all(fee.amount_vnd == 0 for fee in due):
        return text("ui.fee.free")
    amounts = [fee.amount_vnd for fee in due if fee.amount_vnd is not None]
    if 0 in amounts:
        return text("ui.fee.sometimes")
    if not amounts:
        return text("ui.fee.unset")
    ladder = all(fee.tiered_by is not None for fee in due)
    if len(due) == 1 or ladder:
        return text("ui.fee.per", amount=money(amounts[0]), per=counted_in(due[0].per))
    return text("ui.fee.from", amount=money(min(amounts)))


def amount_words(fee: FeeItem) -> str:
    """What one line of the fee list costs."""
    if fee.kind is FeeKind.NONE or fee.amount_vnd == 0:
        return text("ui.fee.free")
    if fee.amount_vnd is None:
        return text("ui.fee.unset")
    words = text("ui.fee.per", amount=money(fee.amount_vnd), per=counted_in(fee.per))
    if fee.cap_vnd is None:
        return words
    return text(
        "ui.fee.capped", words=words, cap=money(fee.cap_vnd), per=counted_in(fee.cap_per or fee.per)
    )
