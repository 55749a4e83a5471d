"""Whatever stands in an address or a form, nobody gets a failure, but a page with a way out.

Made from the application's own routes: a new page takes part without being listed here.
"""

import re
from collections.abc import AsyncIterator, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar.params import QueryParameter

from fakes.html import Element, parse
from fakes.office import ROLES, SLUG, Office, hire, opened
from fakes.officer import Officer, received
from fakes.walk import EXAMPLES, PROVINCE, comers
from motcua.domain.dossier import TRANSITIONS
from motcua.services import drafts, passes
from motcua.services.change import Asked
from motcua.services.demo import QUEUE
from motcua.services.house import desk
from motcua.services.unit import set_settings
from motcua.testing.database import ScratchDatabase
from motcua.web.errors import API
from tenancy.examples import BROWSER, FORMS, OWN
from tenancy.routes import Target, targets

pytestmark = pytest.mark.anyio

SCRIPT = "<script>alert(1)</script>'\";--"
ODD = (
    quote(SCRIPT),
    "%00",
    "-1",
    "9999-12-31",
    "%C2%B2%D9%A3",
    "%E2%80%AE%FF%ED%A0%80%0D%0ASet-Cookie:%20x=1",
    "00000000-0000-0000-0000-000000000000",
    "9" * 999,
)
"""As it stands in an address: a script, zero, odd numbers and days, broken letters, too much."""
ODDER = ("99999999999999999999999", "2026-02-30", "0001-01-01", "bnVsbA==")
"""What is read as a number, a day or a place in a list stands behind the question mark."""
MINE, SECRET = "Điều tôi vừa gõ", "bí mật của tôi"
TYPED = (f"{SCRIPT}\x00", "٣²", "31/02/0001", "9" * 999)


@pytest.fixture(scope="module")
async def office(
    database: ScratchDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001 - the loop must be there before the pool
) -> AsyncIterator[Office]:
    """An office with a queue and hours to book, where every page is there."""
    home: Path = tmp_path_factory.mktemp("home")
    async with opened(database.owner_dsn, database.app_dsn, home, demo=True) as office:
        await hire(office.house, PROVINCE)
        here = await desk(office.house, SLUG)
        settled = {"queue": msgspec.to_builtins(QUEUE), "booking_per_slot": 2}
        await set_settings(office.house, here, settled, Asked(place="unit", subject=here.name))
        yield office


@pytest.fixture(scope="module")
async def known(office: Office) -> dict[str, str]:
    """What stands in addresses, as it should be."""
    here = await desk(office.house, SLUG)
    officer = Officer(office, "reception")
    await officer.sign_in()
    dossier = (await received(officer)).removeprefix("/ho-so/")
    key = officer.path.removeprefix("/phieu/")
    await officer.client.aclose()
    await office.client.get("/")
    csrf = office.client.cookies["motcua_csrf"]
    asked = {"book": "SCT/BS", "count": 3, "reason": "Cắt điện"}
    block = await office.ask("POST", "/registers/blocks", by="clerk", json=asked)
    draft = await drafts.begin(office.house, here, "1.004873", BROWSER)
    return EXAMPLES | {
        "dossier": dossier,
        "key": key,
        "block": block.json()["id"],
        "draft_id": str(draft.id),
        "pass": passes.issue(office.house, here, UUID(dossier)),
        "csrf": csrf,
    }


def gets(target: Target, known: dict[str, str]) -> Iterator[str]:
    """The address as it should be, then with garbage in one place of it at a time."""

    def at(**changed: str) -> str:
        said = known | changed
        return re.sub(r"{(\w+)}", lambda found: said.get(found[1], "x"), target.path)

    yield at(slug="{slug}")
    for name in set(re.findall(r"{(\w+)}", target.path)) - {"slug"}:
        yield from (at(slug="{slug}", **{name: each}) for each in ODD)
    assert target.handler is not None
    for name, parameter in target.handler.parsed_fn_signature.parameters.items():
        said = parameter.kwarg_definition
        if isinstance(said, QueryParameter):
            yield from (f"{at(slug='{slug}')}?{said.name or name}={each}" for each in ODD + ODDER)


async def send(
    office: Office, known: dict[str, str], role: str, method: str, path: str, **sent: Any
) -> httpx.Response:
    """Ask as a browser does that is signed in, has begun an application and holds a pass."""
    home = PROVINCE if role == "supervisor" else SLUG
    cookies = f"motcua_csrf={known['csrf']}; motcua_nop={BROWSER}; motcua_hs={known['pass']}"
    headers = {"accept": "text/html", "x-csrftoken": known["csrf"], "cookie": cookies}
    if role:
        token = await office.token(role, home)
        headers |= {"cookie": f"{cookies}; motcua_quay={token}", "authorization": f"Bearer {token}"}
    office.client.cookies.clear()
    return await office.client.request(
        method, path.replace("{slug}", home), headers=headers, **sent
    )


def wrong(answer: httpx.Response) -> str:
    """What nobody may be answered."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    if "x=1" in answer.headers.get("set-cookie", ""):
        return "a header out of the address"
    if "html" not in answer.headers.get("content-type", "") or API.match(answer.url.path):
        return ""
    if "<script>alert" in answer.text:
        return "a script"
    leads = [link for main in parse(answer.text).all("main") for link in main.all("a")]
    return "no way out" if answer.status_code >= 400 and not leads else ""


async def met(office: Office, known: dict[str, str], target: Target) -> list[str]:
    """Who gets to see the page of *target*, as far as anybody does."""
    comes = [role for role, _ in comers(target.path, SLUG)]
    address = next(gets(target, known))
    seen = [each for each in comes if (await send(office, known, each, "GET", address)).is_success]
    return seen or comes


async def test_no_address_makes_a_page_fail(office: Office, known: dict[str, str]) -> None:
    """Each oddity in each place by somebody who sees the page, the last one by everybody."""
    found, tried = [], 0
    for target in targets(office.app):
        if target.method != "GET" or target.handler is None:
            continue
        who = cycle(await met(office, known, target))
        addresses = list(gets(target, known))
        asked = list(zip(addresses, who, strict=False))
        asked += [(addresses[-1], role) for role in (*ROLES, "") if len(addresses) > 1]
        for address, role in asked:
            answer = await send(office, known, role, "GET", address)
            tried += 1
            if said := wrong(answer):
                found.append(f"GET {address[:200]} by {role or 'nobody'}: {said}")

    assert found == []
    assert tried > 1500


def filled(form: Element, mine: str = MINE) -> tuple[dict[str, list[str]], set[str]]:
    """What a form would send with something typed into each field, and the names of secrets."""
    sent: dict[str, list[str]] = {}
    secrets = {"_csrf_token"}
    for each in [one for tag in ("input", "textarea", "select", "button") for one in form.all(tag)]:
        name, kind = each.get("name"), each.get("type")
        if not name or kind in ("file", "submit") or (each.tag == "button" and name in sent):
            continue
        if kind == "password" or name.endswith("_ma") or "one-time" in each.get("autocomplete"):
            secrets.add(name)
        if name in secrets:
            sent[name] = [SECRET]
        elif each.tag == "select":
            sent[name] = [option.get("value") for option in each.all("option")[-1:]]
        elif kind in ("hidden", "checkbox", "radio") or each.tag == "button":
            before = sent.get(name, []) if kind != "radio" else []
            sent[name] = [*before, each.get("value")]
        else:
            sent[name] = [mine]
    return sent, secrets


def named(form: Element, action: str) -> str:
    """What makes a form another one than those seen already: no ids."""
    names = sorted(each.get("name") for each in form.all() if each.get("name"))
    return re.sub(r"[0-9a-f-]{32,}", "…", f"{action} {' '.join(names)}")


@pytest.fixture(scope="module")
async def forms(office: Office, known: dict[str, str]) -> dict[str, tuple[str, str, Element]]:
    """Every form of counter and console, with who sends it, and where."""
    found: dict[str, tuple[str, str, Element]] = {}
    for target in targets(office.app):
        inside = target.path.startswith(("/t/{slug}/quay/", "/t/{slug}/admin"))
        if target.method != "GET" or target.handler is None or not inside:
            continue
        for role in await met(office, known, target):
            for step in TRANSITIONS if "{step}" in target.path else ["T08"]:
                address = next(gets(target, known | {"step": step}))
                answer = await send(office, known, role, "GET", address)
                if not answer.is_success or "html" not in answer.headers["content-type"]:
                    continue
                for form in parse(answer.text).all("form"):
                    action = form.get("action") or answer.url.path
                    if form.get("method") == "post" and "/dang-" not in action:
                        found.setdefault(named(form, action), (role, action, form))
    return found


async def test_no_form_is_lost_with_the_session(
    office: Office, known: dict[str, str], forms: dict[str, tuple[str, str, Element]]
) -> None:
    """Each is sent by somebody whose session has ended; passwords and codes are never kept."""
    lost, told = {}, []
    for name, (_, action, form) in forms.items():
        sent, secrets = filled(form)
        data = sent | {"_csrf_token": known["csrf"]}
        answer = await send(office, known, "", "POST", action, data=data)
        page = parse(answer.text)
        giu = [each["value"] for each in page.all("input") if each.get("name") == "giu"]
        kept = msgspec.json.decode(giu[0]) if giu and giu[0] else {}
        wanted = {
            name: each[0] if len(each) == 1 else each
            for name, each in sent.items()
            if name not in secrets
        }
        if answer.status_code != 401 or kept != wanted:
            lost[name] = (answer.status_code, kept, wanted)
        told += [name] * (SECRET in answer.text)

    assert lost == {}
    assert told == []
    assert len(forms) > 45


async def test_no_form_makes_a_page_fail(
    office: Office, known: dict[str, str], forms: dict[str, tuple[str, str, Element]]
) -> None:
    """The forms as they stand on the pages, and those that are sent besides."""
    found, tried = [], 0
    asked: list[tuple[str, str, Any]] = [
        (role, action, filled(form, each)[0])
        for role, action, form in forms.values()
        for each in TYPED
    ]
    for target in targets(office.app):
        if target.method == "POST" and target.path in FORMS and ("POST", target.path) not in OWN:
            address = next(gets(target, known))
            bodies = [body for thing in TYPED for body in FORMS[target.path](thing)]
            who = cycle(role for role, _ in comers(target.path, SLUG))
            asked += [(role, address, body) for body, role in zip(bodies, who, strict=False)]
    for role, address, body in asked:
        data = body | {"_csrf_token": known["csrf"]}
        answer = await send(office, known, role, "POST", address, data=data)
        tried += 1
        if said := wrong(answer):
            found.append(f"POST {address} {str(body)[:300]} by {role or 'nobody'}: {said}")

    assert found == []
    assert tried > 400
