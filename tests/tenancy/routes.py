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

from tenancy.examples import BODIES, BROWSER, ENDLESS, FORMS, FRONT_DOORS, OWN, PUBLIC, PUBLISHED

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DENIED = frozenset({401, 403, 404, 405})


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
