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

from core.web.counter.test_counter_village import PLAN
from fakes.html import Element, parse
from fakes.office import ROLES, SLUG, Office, hire, opened
from fakes.officer import Officer, received
from fakes.walk import EXAMPLES, PROVINCE, comers
from motcua.domain.dossier import TRANSITIONS
from motcua.services import drafts, passes, queue
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
UNMET = {
    *("/giam-sat", "/static/{name}", "/t/{slug}/q/{code}/{secret}", "/t/{slug}/mau.css"),
    *("/t/{slug}/bieu-trung/{name}", "/t/{slug}/admin/bang", "/t/{slug}/admin/bang/{rest}"),
    *("/t/{slug}/nop/{draft_id}/tep/{file_id}", "/t/{slug}/ho-so/tep/{file_id}"),
    *("/t/{slug}/quay/ho-so/{dossier}/tep/{file_id}", "/t/{slug}/quay/ho-so/{dossier}/ban-in.pdf"),
    *("/t/{slug}/nop/{draft_id}/xong", "/t/{slug}/nop/{draft_id}/giay", "/t/{slug}/ho-so/danh-gia"),
    *("/t/{slug}/quay/ho-so/{dossier}/phieu", "/t/{slug}/quay/ho-so/{dossier}/du-thao.png"),
    *("/t/{slug}/quay/ho-so/{dossier}/he-thong-khac", "/t/{slug}/quay/chot-ngay/{day}"),
    *("/t/{slug}/admin/dong-cua/{day}", "/t/{slug}/admin/so-sach/{year}"),
    *("/t/{slug}/quay/so/trang", "/t/{slug}/api/v1/registers/lines"),
    "/t/{slug}/p/civil_status/records/{kind}/{record}",
}
"""What is asked for with oddities only, never as it should be: it leads on, or shows a file, a
sent draft, an ended or followed dossier, a closed day, a book; another page belongs here only
after somebody has thought about it."""
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
        account = {"bank": "BIDV", "bin": "970418", "number": "12345678", "holder": "UBND"}
        settled = {
            "queue": msgspec.to_builtins(QUEUE),
            "booking_per_slot": 2,
            "bank_account": account,
        }
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
    clerk = Officer(office, "clerk")
    await clerk.sign_in()
    await clerk.open("/luu-dong")
    await clerk.send_all(PLAN, form="/luu-dong")
    await clerk.client.aclose()
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
        "step_id": "nguoi-nop",
        "ticket_id": str((await queue.take(office.house, here, "A")).id),
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


def pages(office: Office) -> list[Target]:
    """Everything that is asked for by GET."""
    return [each for each in targets(office.app) if each.method == "GET" and each.handler]


class Met(msgspec.Struct):
    """A page as it is met: what its address names, who sees it, and the forms on it."""

    named: dict[str, str]
    seen: list[str] = []
    forms: list[tuple[str, Element]] = []


@pytest.fixture(scope="module")
async def site(office: Office, known: dict[str, str]) -> dict[str, Met]:
    """Every page by its route; what we do not know to name, the links of other pages do."""
    made = {each.path: Met(known) for each in pages(office)}
    links: set[str] = set()
    for last in (False, False, True):
        for target in pages(office):
            page = made[target.path]
            if page.seen:
                continue
            pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/?]+)", target.path)
            found = [one for each in sorted(links) if (one := re.fullmatch(pattern, each))]
            page.named = known | found[0].groupdict() if found else known
            for role in ROLES if last else [each for each, _ in comers(target.path, SLUG)]:
                answer = await send(office, known, role, "GET", next(gets(target, page.named)))
                if not answer.is_success:
                    continue
                page.seen.append(role)
                if "html" in answer.headers["content-type"] and not API.match(answer.url.path):
                    tree = parse(answer.text)
                    links |= {each.get("href").partition("?")[0] for each in tree.all("a")}
                    page.forms += [(role, each) for each in tree.all("form")]
    return made


async def test_no_address_makes_a_page_fail(
    office: Office, known: dict[str, str], site: dict[str, Met]
) -> None:
    """Each oddity in each place by somebody who sees the page, the last one by everybody."""
    found, tried = [], 0
    for target in pages(office):
        page = site[target.path]
        who = cycle(page.seen or [role for role, _ in comers(target.path, SLUG)])
        addresses = list(gets(target, page.named))
        asked = list(zip(addresses, who, strict=False))
        asked += [(addresses[-1], role) for role in (*ROLES, "") if len(addresses) > 1]
        for address, role in asked:
            answer = await send(office, known, role, "GET", address)
            tried += 1
            if said := wrong(answer):
                found.append(f"GET {address[:200]} by {role or 'nobody'}: {said}")

    assert found == []
    assert tried > 1500
    assert {route for route, page in site.items() if not page.seen} <= UNMET


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
async def forms(
    office: Office, known: dict[str, str], site: dict[str, Met]
) -> dict[str, tuple[str, str, Element]]:
    """Every form of counter and console, with who sends it, and where."""
    found: dict[str, tuple[str, str, Element]] = {}
    for target in pages(office):
        if not target.path.startswith(("/t/{slug}/quay", "/t/{slug}/admin")):
            continue
        page = site[target.path]
        address = next(gets(target, page.named))
        standing = [(address, *each) for each in page.forms]
        for step in TRANSITIONS if "{step}" in target.path else ():
            address = next(gets(target, known | {"step": step}))
            answer = await send(office, known, "reception", "GET", address)
            if answer.is_success:
                standing += [
                    (address, "reception", each) for each in parse(answer.text).all("form")
                ]
        for address, role, form in standing:
            home = PROVINCE if role == "supervisor" else SLUG
            action = form.get("action") or address.replace("{slug}", home)
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
