"""Asks every route of an application for another tenant's things, and judges the answers.

The requests are made from what the application itself says it serves: routes,
methods, parameters of path and query, bodies. A route that takes a body nobody
has described here, or that answers somebody without a right, is a finding.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.routes import HTTPRoute

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DENIED = frozenset({401, 403, 404, 405})
API = "/t/{slug}/api/v1"
DESK = "/t/{slug}/quay"
CONSOLE = "/t/{slug}/admin"
DRAFT = "/t/{slug}/nop/{draft_id}"
DRAFT_PAGES = (
    "",
    "/{step_id}",
    "/giay-to",
    "/tep/{file_id}",
    "/kiem-tra",
    "/xong",
    "/giay",
    "/luu",
)
"""The pages of a draft: for whoever's browser wrote it, whether officer or not."""
HELD = "/t/{slug}/ho-so"
"""The pages of a dossier's holder: for whoever's browser has a pass."""
PUBLIC = frozenset(
    {
        ("GET", "/"),
        ("GET", "/giam-sat"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/static/{name}"),
        ("GET", "/api/schema"),
        ("GET", "/api/schema/openapi.json"),
        ("GET", "/api/schema/{path}"),
        ("GET", "/t/{slug}"),
        ("GET", "/t/{slug}/cong-khai"),
        ("GET", "/t/{slug}/thu-tuc/{code}"),
        ("GET", "/t/{slug}/mau.css"),
        ("GET", "/t/{slug}/bieu-trung/{name}"),
        ("POST", "/t/{slug}/thu-tuc/{code}/nop"),
        ("GET", "/t/{slug}/q/{code}/{secret}"),
        ("GET", "/t/{slug}/ho-so/mo"),
        ("POST", "/t/{slug}/ho-so/mo"),
        ("POST", "/t/{slug}/ho-so/thoat"),
        *(
            ("GET", f"{HELD}{page}")
            for page in ("", "/rut", "/danh-gia", "/nhan-ket-qua", "/giay", "/tep/{file_id}")
        ),
        *(("POST", f"{HELD}{page}") for page in ("/bo-sung", "/rut", "/danh-gia", "/nhan-ket-qua")),
        ("GET", "/t/{slug}/nop"),
        *(("GET", f"/t/{{slug}}/dat-lich{page}") for page in ("", "/huy")),
        *(("POST", f"/t/{{slug}}/dat-lich{page}") for page in ("", "/huy")),
        ("POST", "/t/{slug}/nop"),
        *(("GET", f"{DRAFT}{page}") for page in DRAFT_PAGES),
        *(("POST", f"{DRAFT}{page}") for page in ("/{step_id}", "/giay-to", "/kiem-tra")),
        ("GET", "/t/{slug}/bang-so"),
        ("GET", "/t/{slug}/lay-so"),
        ("POST", "/t/{slug}/lay-so"),
        ("GET", "/t/{slug}/lay-so/{ticket_id}"),
        ("GET", "/t/{slug}/tra-cuu"),
        ("POST", "/t/{slug}/tra-cuu"),
        ("POST", f"{API}/sessions"),
        ("POST", f"{API}/dossiers"),
        ("POST", f"{API}/dossiers/{{dossier}}/supplement"),
        ("POST", f"{API}/lookup"),
        ("GET", f"{API}/procedures"),
        ("GET", f"{API}/procedures/{{code}}"),
        ("GET", f"{DESK}/dang-nhap"),
        ("POST", f"{DESK}/dang-nhap"),
        ("POST", f"{DESK}/dang-xuat"),
    }
)
"""What anybody may ask of any tenant; it must tell nothing that is somebody's own.

A new public route is added here by somebody who has thought about it.
"""
PUBLISHED = frozenset({("GET", "/t/{slug}/cong-khai")})
"""Where a unit publishes its dossiers by code; it must tell nothing of people."""
ENDLESS = frozenset({("GET", "/t/{slug}/bang-so/luong")})
"""What is answered for hours. What it tells is the board, which is asked for; it is public."""
BROWSER = "one-browser-for-both"
"""What everybody's browser shows for its drafts: also the one that wrote the other's."""
FRONT_DOORS = frozenset({("POST", f"{API}/sessions"), ("POST", f"{DESK}/dang-nhap")})
OWN = frozenset(
    {
        ("DELETE", f"{API}/sessions"),
        ("POST", f"{DESK}/dang-xuat"),
        ("POST", f"{DESK}/phien"),
    }
)
"""What somebody only ever does to themselves: it names no thing, and would end the tour."""


class Target(msgspec.Struct, frozen=True):
    """One method of one route."""

    method: str
    path: str
    handler: HTTPRouteHandler | None
    """``None``: the route does not know the method."""

    @property
    def of_a_tenant(self) -> bool:
        return "{slug}" in self.path

    @property
    def public(self) -> bool:
        return (self.method, self.path) in PUBLIC

    @property
    def asks_who(self) -> bool:
        """Whether it is the front door, where it does not matter who one was before."""
        return (self.method, self.path) in FRONT_DOORS

    @property
    def names_something(self) -> bool:
        """Whether the path names a thing besides the tenant."""
        return bool(set(re.findall(r"{(\w+)}", self.path)) - {"slug"})


class World(msgspec.Struct, frozen=True):
    """Two tenants: the one who asks, and the one whose things are asked for.

    Attributes:
        own: The slug of the tenant that asks.
        other: The slug of the other one.
        tokens: The tokens of the people who ask, by role; ``""`` is nobody.
        things: Ids, codes and names of what the other one has.
        secret: What opens the look-up of one of them.
        told: What must never be read: names, numbers, titles of the other one's people.
    """

    own: str
    other: str
    tokens: dict[str, str]
    things: tuple[str, ...]
    secret: str
    told: tuple[str, ...]

    @property
    def few(self) -> tuple[str, ...]:
        """An id and a code: enough where it does not matter which thing is named."""
        return self.things[0], self.things[2]


class Request(msgspec.Struct, frozen=True):
    """What is asked, by a thing that can be exchanged for another."""

    method: str
    url: str
    thing: str
    body: Any = None
    form: bool = False
    role: str = ""


class Findings(msgspec.Struct):
    """What the tour found, and how many requests it made.

    Attributes:
        twins: What is answered about things that do not exist, by request.
    """

    tried: int = 0
    found: list[str] = []
    twins: dict[str, tuple[int, str]] = {}

    def add(self, request: Request, what: str) -> None:
        by = request.role or "nobody"
        self.found.append(f"{request.method} {request.url} by {by}: {what}")


def targets(app: Litestar) -> list[Target]:
    """Every method on every route, those a route does not know included."""
    found = []
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        known: dict[str, HTTPRouteHandler] = {
            str(method): handler
            for handler in route.route_handlers
            for method in handler.http_methods
        }
        found += [
            Target(each, route.path_format, known.get(each))
            for each in METHODS
            if (each, route.path_format) not in ENDLESS
        ]
    return found


def least(app: Litestar, world: World) -> int:
    """How many requests a tour makes at least.

    Each target by each role, with each thing where its path names one, and at the
    other tenant once more.
    """
    asked = [
        target
        for target in targets(app)
        if target.handler is not None and (target.method, target.path) not in OWN
    ]
    return sum(
        len(_roles(world, target))
        * (
            (len(world.things) if target.names_something else 1)
            + (target.of_a_tenant and not target.asks_who)
        )
        for target in asked
    )


def _roles(world: World, target: Target) -> list[str]:
    """Who asks: everybody; for what is public, somebody with a role and somebody without."""
    return [*world.tokens] if not target.public else [next(iter(world.tokens)), ""]


async def tour(app: Litestar, client: httpx.AsyncClient, world: World) -> Findings:
    """Ask for everything of the other tenant, as everybody of the first."""
    findings = Findings()
    for target in targets(app):
        if target.handler is None:
            await _ask_unknown(client, world, target, findings)
            continue
        for role in _roles(world, target):
            for request in _of_own(world, target, role, findings):
                await _judge_own(client, world, request, findings)
            for request in _of_other(world, target, role, findings):
                await _judge_other(client, world, target, request, findings)
    return findings


# ---- what is asked ----


def _of_own(world: World, target: Target, role: str, findings: Findings) -> Iterator[Request]:
    """At one's own tenant, with the other one's things in path, query and body."""
    if (target.method, target.path) in OWN:
        return
    things = world.things if target.names_something else (*world.few, world.told[0])
    yield from _asked(
        request
        for thing in things
        for request in _requests(target, world.own, thing, role, world.secret, findings)
    )


def _of_other(world: World, target: Target, role: str, findings: Findings) -> Iterator[Request]:
    """At the other tenant, where one has no business; the secret is its holder's."""
    if target.of_a_tenant and not target.asks_who:
        yield from _asked(
            request
            for thing in world.few
            for request in _requests(target, world.other, thing, role, "", findings)
        )


def _asked(requests: Iterable[Request]) -> Iterator[Request]:
    """*requests*, those that are alike once."""
    seen = set()
    for request in requests:
        key = (request.url, repr(request.body))
        if key not in seen:
            seen.add(key)
            yield request


def _requests(
    target: Target, slug: str, thing: str, role: str, secret: str, findings: Findings
) -> Iterator[Request]:
    url = target.path.replace("{slug}", slug).replace("{step}", "T08")
    url = re.sub(r"{\w+}", thing, url)
    bodies, form = _bodies(target, thing, secret, findings)
    for body in bodies:
        yield Request(target.method, url, thing, body, form, role)
    for name in _query(target):
        yield Request(target.method, f"{url}?{name}={thing}", thing, bodies[0], form, role)


def _query(target: Target) -> Iterable[str]:
    """The names of what a query may say in words."""
    assert target.handler is not None
    for name, parameter in target.handler.parsed_fn_signature.parameters.items():
        said = parameter.kwarg_definition
        if isinstance(said, QueryParameter) and parameter.annotation is str:
            yield said.name or name


def _bodies(target: Target, thing: str, secret: str, findings: Findings) -> tuple[list[Any], bool]:
    """What may be sent, and whether as a form."""
    assert target.handler is not None
    wanted = target.handler.parsed_data_field
    if wanted is None and target.method in ("GET", "DELETE"):
        return [None], False
    if wanted is None:
        made = FORMS.get(target.path)
        if made is None:
            findings.found.append(f"{target.method} {target.path}: takes a form nobody described")
            return [{}], True
        return made(thing), True
    make = BODIES.get(getattr(wanted.annotation, "__name__", ""))
    if make is None:
        findings.found.append(f"{target.method} {target.path}: takes a body nobody described")
        return [{}], False
    return make(thing, secret), "form" in str(getattr(wanted.kwarg_definition, "media_type", ""))


BODIES: dict[str, Any] = {
    "SignIn": lambda thing, _: [{"username": thing, "password": "mot-cua-thu-nghiem"}],
    "NewPassword": lambda thing, _: [{"current": "x", "new": thing[:3]}],
    "Submission": lambda thing, _: [{"procedure": thing, "applicant": {"name": thing}}],
    "Reception": lambda thing, _: [{"submitted": thing}],
    "Supplement": lambda thing, secret: [{"secret": secret or "x", "answers": {"note": thing}}],
    "Texts": lambda thing, _: [{"visit": thing}, {"dossiers": [thing]}],
    "Refusal": lambda thing, _: [
        {"procedure": thing, "applicant": {"name": thing}, "reason": "Không thuộc thẩm quyền"}
    ],
    "SupplementRequest": lambda thing, _: [
        {"procedure": thing, "applicant": {"name": thing}, "items": ["x"], "reason": "Thiếu"}
    ],
    "LookUp": lambda thing, secret: [{"code": thing}, {"code": thing, "secret": secret or "x"}],
    "LookupForm": lambda thing, secret: [{"ma": thing}, {"ma": thing, "bi_mat": secret or "x"}],
    "BlockGiven": lambda thing, _: [
        {"kind": "birth", "year": 2030, "first": 2, "last": 1, "ground": thing}
    ],
    "NumberVoided": lambda thing, _: [{"number": 1, "reason": thing}],
    "BlockClosed": lambda thing, _: [{"reason": thing}],
    "Told": lambda *_: [{"external_code": "x", "state": "appraising"}],
    "NumberGiven": lambda thing, _: [{"series": "official", "number": thing}],
    "RecordsSought": lambda thing, _: [{"number": thing}, {"name": thing}],
    "Beginning": lambda thing, _: [{"book": thing, "after": -1}],
    "BookOfYear": lambda thing, _: [{"book": thing, "year": 2026}],
    "NewBlock": lambda thing, _: [{"book": thing, "count": 0, "reason": "Cắt điện"}],
    "BlockEnd": lambda *_: [{"reason": "Không dùng"}],
    "LaterEntry": lambda thing, _: [
        {
            "procedure": thing,
            "applicant": {"name": thing},
            "events": [{"transition": "T02", "at": "2026-11-26T08:00:00+07:00", "by": thing}],
        }
    ],
    "Step": lambda *_: [
        {"transition": "T08", "version": 1},
        {"transition": "T22", "version": 1, "reason": "Không cần nữa"},
        {"transition": "T25", "version": 6, "reason": "Sai"},
    ],
}
"""By the name of what a handler takes: bodies with a thing in them."""
FORMS: dict[str, Any] = {
    "/t/{slug}/ho-so/mo": lambda thing: [
        {"ma": thing, "so": "123456"},
        {"ma": thing, "lam": "gui"},
    ],
    "/t/{slug}/ho-so/thoat": lambda _: [{}],
    "/t/{slug}/ho-so/bo-sung": lambda _: [{}],
    "/t/{slug}/ho-so/nhan-ket-qua": lambda _: [{"cach": "counter"}],
    "/t/{slug}/ho-so/rut": lambda _: [{"ly_do": "x", "phien_ban": "1"}],
    "/t/{slug}/ho-so/danh-gia": lambda _: [{"overall": "hai-long"}],
    "/t/{slug}/lay-so": lambda thing: [{"chu": thing}, {"chu": "A"}],
    "/t/{slug}/nop": lambda thing: [{"ma": thing, "so": "123456"}, {"ma": thing, "lam": "gui"}],
    "/t/{slug}/thu-tuc/{code}/nop": lambda thing: [{"giu": thing}],
    "/t/{slug}/nop/{draft_id}/{step_id}": lambda thing: [{"nguoi.name": thing}],
    "/t/{slug}/nop/{draft_id}/giay-to": lambda thing: [{"lam": f"bo-tep:{thing}"}],
    "/t/{slug}/nop/{draft_id}/kiem-tra": lambda _: [{"cam_doan": "1"}],
    f"{DESK}/dang-nhap": lambda thing: [{"username": thing, "password": "mot-cua-thu-nghiem"}],
    f"{DESK}/dang-xuat": lambda _: [{}],
    f"{DESK}/phien": lambda _: [{}],
    f"{DESK}/phien/{{session}}": lambda _: [{}],
    f"{DESK}/mat-khau": lambda thing: [{"new": thing}],
    f"{DESK}/xac-thuc": lambda thing: [{"giu": thing}],
    f"{DESK}/chot-ngay": lambda _: [{"dem": "1", "thay": "0"}],
    f"{DESK}/hang-cho/quay": lambda thing: [{"quay": thing}],
    f"{DESK}/hang-cho/goi": lambda thing: [{"quay": "Quầy 1", "dang": thing}],
    f"{DESK}/hang-cho/so": lambda thing: [{"chu": thing}],
    f"{DESK}/hang-cho/{{ticket}}/{{what}}": lambda _: [{"quay": "Quầy 1", "chu": "A"}],
    f"{DESK}/ho-so/{{dossier}}/sua": lambda thing: [{"khoa": thing, "reason": "x"}],
    f"{DESK}/ho-so/{{dossier}}/tien": lambda thing: [
        {"lam": "thu", "khoa": thing},
        {"lam": "hoan", "ly_do": "x", "khoa": f"{thing}-2"},
        {"lam": "huy", "khoan": thing, "ly_do": "x", "khoa": f"{thing}-3"},
    ],
    f"{DESK}/phieu/{{key}}/tai-cho": lambda thing: [{"tc_leader": thing}],
    f"{DESK}/tiep-nhan": lambda thing: [{"q": thing}, {"q": "027190001234"}],
    f"{DESK}/tiep-nhan/{{code}}": lambda thing: [{"lam": "luu", "khoa": thing}],
    f"{DESK}/loi-chung": lambda thing: [{"luot": thing}, {"ho_so": thing}],
    f"{DESK}/khong-nhan/{{code}}": lambda thing: [{"lam": "luu", "khoa": thing}],
    f"{DESK}/viec": lambda thing: [
        {f"chon.{thing}": "1", "buoc": "T08", "xac_nhan": "1"},
        {f"chon.{thing}": "1", "buoc": "nhan"},
        {f"chon.{thing}": "1", "buoc": "T37"},
    ],
    f"{DESK}/tra": lambda thing: [
        {f"tra.{thing}": "1", "xem": thing, "nhan": "minh", "ten": "x"},
        {"xem": thing},
    ],
    f"{DESK}/tra/ke": lambda thing: [{f"ke.{thing}": "A1"}, {f"nhac.{thing}": "1", "lam": "nhac"}],
    f"{DESK}/ho-so/{{dossier}}/in-lai": lambda thing: [{"mau": "F01", "khoa": thing}],
    f"{DESK}/ho-so/{{dossier}}/trao-doi": lambda thing: [{"noi_dung": thing}],
    f"{DESK}/sang": lambda thing: [{f"chon.{thing}": "1", f"ly_do.{thing}": "x"}, {}],
    f"{DESK}/nhap-sau/{{block}}/{{code}}": lambda thing: [{"nguoi.name": thing, "so_giay": "1"}],
    f"{DESK}/ho-so/{{dossier}}/he-thong-khac": lambda thing: [{"ma": thing, "buoc": "approved"}],
    f"{DESK}/duyet/tap.pdf": lambda thing: [{f"chon.{thing}": "1"}],
    f"{DESK}/ho-so/{{dossier}}/buoc/{{step}}": lambda _: [
        {"phien_ban": "1", "xac_nhan": "1"},
        {"lam": "xem"},
    ],
    f"{CONSOLE}/bang": lambda thing: [{"id": thing}],
    f"{CONSOLE}/bang/{{rest}}": lambda thing: [{"id": thing}],
    f"{CONSOLE}/phien-ban": lambda thing: [{"noi_dung": thing}],
    f"{CONSOLE}/go-nham": lambda thing: [
        {"ma": thing, "ly_do": "x", "nguoi_hai": "head.phuong-mot", "mat_khau": "mot-cua-thu"}
    ],
    f"{CONSOLE}/don-vi": lambda thing: [{"phone": thing}, {"hosts": thing}],
    f"{CONSOLE}/hinh-thuc": lambda thing: [{"mau": thing}, {"lam": "xem", "mau": "8a1010"}],
    f"{CONSOLE}/luyen-tap": lambda thing: [{"thay": thing}],
    f"{CONSOLE}/hang-cho": lambda thing: [{"hang": thing}, {"quay": thing}],
    f"{CONSOLE}/gioi-han": lambda thing: [{"draft_days": thing}],
    f"{CONSOLE}/tin-nhan": lambda thing: [{"code": thing}],
    "/t/{slug}/dat-lich": lambda thing: [{"ten": thing, "khoa": thing, "gio": thing}],
    "/t/{slug}/dat-lich/huy": lambda thing: [{"ma": thing, "bi_mat": thing}],
    f"{CONSOLE}/tin-cho-gui": lambda thing: [{"tin": thing}],
    f"{CONSOLE}/chu-phieu": lambda thing: [{"note": thing}],
    f"{CONSOLE}/gio-lam-viec": lambda _: [{"lam": "xem"}, {"lam": "ghi"}],
    f"{CONSOLE}/can-bo": lambda thing: [{"ten_dang_nhap": thing, "vai": "admin"}],
    f"{CONSOLE}/can-bo/{{person}}": lambda _: [{"lam": "dong"}, {"lam": "vai", "vai": "head"}],
    f"{CONSOLE}/nguoi-ky": lambda thing: [{"ho_ten": thing, "tai_khoan": thing}],
    f"{CONSOLE}/nguoi-ky/{{signer}}": lambda _: [{"den_ngay": "31/12/2026"}],
    f"{CONSOLE}/khoa-api": lambda thing: [{"ten": thing, "pham_vi": thing}],
    f"{CONSOLE}/khoa-api/{{key}}": lambda thing: [{"ten": thing}],
    f"{CONSOLE}/thay-the": lambda thing: [{"vang": thing, "thay": thing, "den_ngay": thing}],
    f"{CONSOLE}/thay-the/{{number}}": lambda thing: [{"ten": thing}],
    f"{CONSOLE}/mo-don-vi": lambda thing: [{"mau": thing, "dia_chi": thing, "ten": thing}],
    f"{CONSOLE}/tinh-lai": lambda thing: [{"lam": "so-lieu"}, {"can_cu": thing}],
    f"{CONSOLE}/chuyen-ho-so": lambda thing: [{"tu": thing, "den": thing, "ho_so": thing}],
    f"{CONSOLE}/so-sach": lambda thing: [{"so": thing, "sau": "5", "can_cu": "x"}],
    f"{CONSOLE}/so-sach/{{year}}": lambda thing: [
        {"lam": "giu", "so": thing, "so_luong": "2", "ly_do": "x"},
        {"lam": "dong-day", "so": thing, "day": thing, "ly_do_dong": "x"},
        {"lam": "khoa", "so": thing},
    ],
    f"{CONSOLE}/thu-tuc/{{code}}": lambda _: [{"nhan": "1", "han": "1"}],
    f"{CONSOLE}/le-phi/{{fee}}": lambda _: [{"muc": "1", "tu_ngay": "31/12/2026", "can_cu": "x"}],
    f"{CONSOLE}/lich": lambda _: [{"lam": "xem"}, {"lam": "cong-bo", "ngay": "24/12/2026"}],
    f"{CONSOLE}/dong-cua": lambda thing: [{"lam": "xem", "ngay": "24/12/2026", "ly_do": thing}],
    f"{CONSOLE}/dong-cua/{{day}}": lambda thing: [{"ly_do": thing}],
    f"{CONSOLE}/phan-mo-rong/{{plugin}}": lambda _: [{"lam": "tat"}, {"lam": "chay-lai"}],
    f"{CONSOLE}/phan-mo-rong/{{plugin}}/cau-hinh": lambda thing: [{"free": thing}],
}
"""By path, where a handler reads the form by itself."""


# ---- what is answered ----


async def _judge_own(
    client: httpx.AsyncClient, world: World, request: Request, findings: Findings
) -> None:
    """The other tenant's thing is answered exactly like one that does not exist."""
    answer = await _send(client, world, request, findings)
    _look_for_leaks(world, request, answer, findings, world.things)
    if answer.status_code in DENIED - {404} or _sent_to_sign_in(answer):
        return
    twin = _with_nothing(request)
    key = repr(twin)
    if key not in findings.twins:
        findings.twins[key] = _plain(await _send(client, world, twin, findings), twin.thing)
    mine, nothings = _plain(answer, request.thing), findings.twins[key]
    if mine != nothings:
        differs = _first_difference(mine[1], nothings[1])
        findings.add(request, f"{mine[0]}, not as for what is not there: {nothings[0]}, {differs}")
    if answer.is_success and request.thing in request.url.partition("?")[0]:
        findings.add(request, f"{answer.status_code} for another tenant's thing")


async def _judge_other(
    client: httpx.AsyncClient, world: World, target: Target, request: Request, findings: Findings
) -> None:
    answer = await _send(client, world, request, findings)
    published = (target.method, target.path) in PUBLISHED
    _look_for_leaks(world, request, answer, findings, () if published else world.things)
    denied = answer.status_code in DENIED or _sent_to_sign_in(answer)
    if not target.public and not denied:
        findings.add(request, f"{answer.status_code} at another tenant")


async def _ask_unknown(
    client: httpx.AsyncClient, world: World, target: Target, findings: Findings
) -> None:
    url = re.sub(r"{\w+}", world.things[0], target.path.replace("{slug}", world.other))
    request = Request(target.method, url, world.things[0], {}, role=next(iter(world.tokens)))
    answer = await _send(client, world, request, findings)
    if answer.status_code not in DENIED:
        findings.add(request, f"{answer.status_code} for a method the route does not know")


def _first_difference(one: str, other: str) -> str:
    """The first line in which two answers differ, as it stands in each."""
    pairs = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    return next((f"{a[:200]!r} against {b[:200]!r}" for a, b in pairs if a != b), "")


def _look_for_leaks(
    world: World,
    request: Request,
    answer: httpx.Response,
    findings: Findings,
    things: tuple[str, ...],
) -> None:
    asked = request.url + json.dumps(request.body, ensure_ascii=False)
    for words in (*world.told, *things):
        if words in answer.text and words not in asked:
            findings.add(request, f"tells {words!r}")


async def _send(
    client: httpx.AsyncClient, world: World, request: Request, findings: Findings
) -> httpx.Response:
    findings.tried += 1
    token = world.tokens.get(request.role)
    csrf = client.headers.get("x-csrftoken", "")
    headers = {"cookie": f"motcua_csrf={csrf}; motcua_quay={token}; motcua_nop={BROWSER}"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    client.cookies.clear()
    sent = {"data": request.body} if request.form else {"json": request.body}
    body = {} if request.body is None else sent
    return await client.request(request.method, request.url, headers=headers, **body)


def _sent_to_sign_in(answer: httpx.Response) -> bool:
    """Whether a page answered as to somebody who is not signed in."""
    return answer.status_code == 303 and "/dang-nhap?" in answer.headers["location"]


def _with_nothing(request: Request) -> Request:
    nothing = nothing_like(request.thing)
    body = json.dumps(request.body).replace(json.dumps(request.thing)[1:-1], nothing)
    url = request.url.replace(request.thing, nothing)
    return msgspec.structs.replace(request, url=url, thing=nothing, body=json.loads(body))


def nothing_like(thing: str) -> str:
    """An id, code or name of the same form that nobody has."""
    return f"{thing[:-4]}9999"


_DRAWN = re.compile(
    r'value="[\w=-]{32,}"|src="data:image/[^"]*"|href="otpauth:[^"]*"'
    r'|<code class="secret"[^>]*>[^<]*'
)
"""Tokens of forms, and the secret of a second factor that is being set up: drawn anew each time."""


def _plain(answer: httpx.Response, thing: str) -> tuple[int, str]:
    """An answer without what was asked for in it, and without what is never the same."""
    text = answer.text
    for said in (thing, nothing_like(thing)):  # the tour itself wrote it into its own unit
        for echo in (said, said.upper(), said.lower(), quote(said), quote_plus(said)):
            text = text.replace(echo, "…")
    return answer.status_code, _DRAWN.sub("", text)
