"""Who may do what in the console: the one table everything else is generated from.

Guards, the menu, the tables' validators and their columns all read it. A role counts at
the level it belongs to: a supervisor supervises a province and is nobody in a commune.
"""

from typing import Any, Literal

import msgspec

from motcua.domain.dossier import Role
from motcua.domain.life import Actor
from motcua.registry.registry import Registry
from motcua.services.console_roles import ABOVE, console_roles
from motcua.services.house import Desk

Level = Literal["unit", "province"]
BOTH: tuple[Level, ...] = ("unit", "province")
UNIT: tuple[Level, ...] = ("unit",)
PROVINCE: tuple[Level, ...] = ("province",)

ADMIN = frozenset({Role.ADMIN})
SUPERVISOR = frozenset({Role.SUPERVISOR})
EITHER = ADMIN | SUPERVISOR
NOBODY: frozenset[Role] = frozenset()


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What may be read and written by whom, and at which level.

    Attributes:
        name: Of a page or of a table.
        group: Where it stands in the menu.
        levels: Where it exists.
        readers: Who may look.
        writers: Who may change; a table without any is changed by forms, through services.
    """

    name: str
    group: str
    levels: tuple[Level, ...] = BOTH
    readers: frozenset[Role] = ADMIN
    writers: frozenset[Role] = NOBODY

    def reads(self, desk: Desk, actor: Actor) -> bool:
        """Whether *actor* may look at it in *desk*."""
        return level(desk) in self.levels and bool(self.readers & roles(desk, actor))

    def writes(self, desk: Desk, actor: Actor) -> bool:
        """Whether *actor* may change it in *desk*."""
        return self.reads(desk, actor) and bool(self.writers & roles(desk, actor))


class Page(Grant, frozen=True, kw_only=True):
    """A page of the console's own, at *path* below ``/t/<slug>/admin/``."""

    path: str


class TableGrant(Grant, frozen=True, kw_only=True):
    """A table as it stands: these columns and no others exist in the console.

    Attributes:
        order: The column the rows are ordered by; with ``-`` before it, downwards.
        plugin: Whose it is; empty for the core's. It shows where the plugin works.
    """

    columns: tuple[str, ...]
    order: str
    plugin: str = ""

    def reads(self, desk: Desk, actor: Actor) -> bool:
        """Whether *actor* may look at it, and the plugin it belongs to works in *desk*."""
        return super().reads(desk, actor) and (not self.plugin or desk.plugins.works(self.plugin))


PAGES: dict[str, Page] = {
    page.name: page
    for page in (
        Page(name="overview", path="", group="follow", readers=EITHER),
        Page(name="history", path="nhat-ky", group="follow", readers=EITHER),
        Page(name="tables", path="bang", group="follow", readers=EITHER, writers=EITHER),
        Page(name="recount", path="tinh-lai", group="follow", levels=UNIT, writers=ADMIN),
        Page(name="mistakes", path="go-nham", group="follow", levels=UNIT, writers=ADMIN),
        Page(name="outbox", path="tin-cho-gui", group="follow", levels=UNIT, writers=ADMIN),
        Page(name="unit", path="don-vi", group="units", writers=ADMIN),
        Page(name="look", path="hinh-thuc", group="units", levels=UNIT, writers=ADMIN),
        Page(name="bounds", path="gioi-han", group="units", writers=ADMIN),
        Page(name="messages", path="tin-nhan", group="units", writers=ADMIN),
        Page(name="slip_texts", path="chu-phieu", group="units", writers=ADMIN),
        Page(
            name="new_unit",
            path="mo-don-vi",
            group="units",
            levels=PROVINCE,
            readers=EITHER,
            writers=EITHER,
        ),
        Page(name="hours", path="gio-lam-viec", group="units", levels=UNIT, writers=ADMIN),
        Page(name="queue", path="hang-cho", group="units", levels=UNIT, writers=ADMIN),
        Page(name="practice", path="luyen-tap", group="units", levels=UNIT, writers=ADMIN),
        Page(name="people", path="can-bo", group="units", writers=ADMIN),
        Page(name="signers", path="nguoi-ky", group="units", levels=UNIT, writers=ADMIN),
        Page(name="stand_ins", path="thay-the", group="units", levels=UNIT, writers=ADMIN),
        Page(name="reassign", path="chuyen-ho-so", group="units", levels=UNIT, writers=ADMIN),
        Page(name="registers", path="so-sach", group="units", levels=UNIT, writers=ADMIN),
        Page(name="api_keys", path="khoa-api", group="units", levels=UNIT, writers=ADMIN),
        Page(name="plugins", path="phan-mo-rong", group="rules", levels=UNIT, writers=ADMIN),
        Page(name="procedures", path="thu-tuc", group="rules", levels=UNIT, writers=ADMIN),
        Page(
            name="versions",
            path="phien-ban",
            group="rules",
            levels=PROVINCE,
            readers=SUPERVISOR,
            writers=SUPERVISOR,
        ),
        Page(name="fees", path="le-phi", group="rules", readers=EITHER, writers=EITHER),
        Page(name="bank_account", path="tai-khoan", group="rules", levels=UNIT, writers=ADMIN),
        Page(name="calendar", path="lich", group="rules", readers=EITHER, writers=SUPERVISOR),
        Page(name="closures", path="dong-cua", group="rules", levels=UNIT, writers=ADMIN),
    )
}
"""Every page, in the order of the menu."""

TABLES: dict[str, TableGrant] = {
    table.name: table
    for table in (
        TableGrant(
            name="tenant",
            group="units",
            readers=EITHER,
            columns=("id", "slug", "name", "type_vi", "opened_on", "closed_on", "archived"),
            order="id",
        ),
        TableGrant(
            name="staff",
            group="units",
            columns=("id", "username", "full_name", "roles", "active", "created_at"),
            order="username",
        ),
        TableGrant(
            name="signer",
            group="units",
            levels=UNIT,
            columns=(
                *("id", "full_name", "title", "act", "scope"),
                *("authorised_certifier", "valid_from", "valid_to"),
            ),
            order="full_name",
        ),
        TableGrant(
            name="closure",
            group="rules",
            levels=UNIT,
            columns=("date", "reason", "basis", "decided_on", "withdrawn_on", "withdrawn_by"),
            order="-date",
        ),
        TableGrant(
            name="procedure_version",
            group="rules",
            readers=EITHER,
            columns=("id", "code", "field", "owner", "valid_from", "valid_to", "published_at"),
            order="code",
        ),
        TableGrant(
            name="procedure_override",
            group="rules",
            levels=UNIT,
            columns=("code", "offered", "online", "basis"),
            order="code",
        ),
        TableGrant(
            name="tenant_plugin",
            group="rules",
            levels=UNIT,
            columns=("plugin", "state", "failures", "note"),
            order="plugin",
        ),
        TableGrant(
            name="plugin_fault",
            group="audit",
            levels=UNIT,
            columns=("id", "plugin", "hook", "detail", "at"),
            order="-at",
        ),
        TableGrant(
            name="config_change",
            group="audit",
            readers=EITHER,
            columns=("id", "at", "who", "place", "subject"),
            order="-at",
        ),
        TableGrant(
            name="login_attempt",
            group="audit",
            columns=("subject", "kind", "failures", "locked_until"),
            order="subject",
        ),
        TableGrant(
            name="sign_in_event",
            group="audit",
            columns=("id", "at", "kind", "staff_id", "by_id", "address", "agent", "detail"),
            order="-at",
        ),
        TableGrant(
            name="read_log",
            group="audit",
            levels=UNIT,
            columns=("id", "staff_id", "what", "at"),
            order="-at",
        ),
        TableGrant(
            name="anchor",
            group="audit",
            levels=UNIT,
            columns=("day", "dossiers", "events", "made_at"),
            order="-day",
        ),
    )
}
"""Every table of the core that may be looked at; what is not here does not exist in the console.

Nothing here can be written: each of them has consequences. No table that holds what a
dossier says is among them, and no hash, token or secret among the columns.
"""


def tables_of(registry: Registry) -> dict[str, TableGrant]:
    """Every table of the core and of the plugins that may be looked at, by its name."""
    found = dict(TABLES)
    for plugin, own in registry.tables():
        for shown in own.shown:
            name = table_name(shown.table)
            found[name] = TableGrant(
                name=name,
                group="plugins",
                levels=UNIT,
                columns=shown.columns,
                order=shown.order,
                plugin=plugin,
            )
    return found


def table_name(table: Any) -> str:
    """The name of a Piccolo table."""
    name: str = table._meta.tablename  # noqa: SLF001 - Piccolo's documented way to a table's name
    return name


def level(desk: Desk) -> Level:
    """Whether *desk* is a unit or stands above units."""
    return "province" if desk.kind in ABOVE else "unit"


def roles(desk: Desk, actor: Actor) -> frozenset[Role]:
    """The roles of *actor* that count in the console of *desk*."""
    return console_roles(desk, actor)
