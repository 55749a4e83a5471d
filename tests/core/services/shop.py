"""The shipped plugins' shop, and papers people bring there."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import motcua_certification.plugin
import motcua_civil_status.plugin
import motcua_general_procedures.plugin
from motcua.services.assess import Paper
from motcua.services.visit import Received
from motcua.storage.dsn import Dsn
from motcua.storage.engine import TenantEngine
from motcua.testing import shop as kit
from motcua.testing.clock import MONDAY
from motcua.testing.clock import FixedClock as Clock
from motcua.testing.shop import AN

__all__ = ["AN", "MONDAY", "SHIPPED", "Clock", "Shop", "copy", "open_shop"]

SHIPPED: dict[str, ModuleType] = {
    "certification": motcua_certification.plugin,
    "civil_status": motcua_civil_status.plugin,
    "general_procedures": motcua_general_procedures.plugin,
}
COPY, SIGNATURE, SINGLE, FACTS = "2.000815", "2.000884", "1.004873", "2.002516"


class Shop(kit.Shop):
    """A shop whose usual paper is a certified copy."""

    async def received(self, paper: Paper | None = None, **how: Any) -> Received:
        """Receive one paper."""
        return await super().received(paper or copy(), **how)


def copy(pages: int = 3, copies: int = 2, **said: Any) -> Paper:
    """A certified copy, as asked for at the counter."""
    answers = {
        "document_type": "giấy khai sinh",
        "document_title": "Giấy khai sinh",
        "page_count": pages,
        "copy_count": copies,
    }
    return Paper(**{"procedure": COPY, "applicant": AN, "answers": answers, **said})


def signature(papers: int = 1, **said: Any) -> Paper:
    """A certified signature."""
    answers = {
        "document_title": "Giấy ủy quyền",
        "signing_mode": "ký",
        "signer_count": 1,
        "document_count": papers,
    }
    return Paper(**{"procedure": SIGNATURE, "applicant": AN, "answers": answers, **said})


def single(**said: Any) -> Paper:
    """A certificate of marital status: three working days."""
    answers = {
        "relationship": "bản thân",
        "subject": AN,
        "residence_periods": "Từ 2010 tại phường Một",
        "marital_status": "chưa đăng ký kết hôn với ai",
        "purpose": "vay vốn",
    }
    return Paper(**{"procedure": SINGLE, "applicant": AN, "answers": answers, **said})


def facts(**said: Any) -> Paper:
    """A confirmation of civil-status facts, whose limit is not known (rules §15.1)."""
    answers = {
        "event_kind": "khai sinh",
        "registered_at": "Xã Hai, 1990",
        "content": "Ngày sinh",
        "purpose": "Hồ sơ hưu trí",
        "copies": 1,
        "evidence": "giay-khai-sinh.pdf",
    }
    return Paper(**{"procedure": FACTS, "applicant": AN, "answers": answers, **said})


async def open_shop(
    engine: TenantEngine,
    owner: Dsn,
    slugs: Iterable[str] = ("phuong-mot", "xa-hai"),
    modules: dict[str, ModuleType] | None = None,
) -> Shop:
    """A shop with the shipped plugins, or those given."""
    return await kit.open_shop(engine, owner, slugs, modules or SHIPPED, shop=Shop)
