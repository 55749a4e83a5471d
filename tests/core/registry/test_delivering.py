"""Which plugin delivers a tenant's messages, and how one is handed to it."""

from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from motcua.plugin.enabled import EnabledPlugins, PluginState
from motcua.plugin.facts import Delivery, OutboundMessage
from motcua.registry import Registry, load_registry
from motcua.testing.procedures import plugin_module

OFFERED = PluginState.OFFERED
MESSAGE = OutboundMessage(
    id="m1",
    tenant="xa-thu",
    channel="email",
    recipient="an@example.vn",
    subject="Kết quả",
    body="Mời đến nhận kết quả.",
    unit="Xã Thử",
)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1)] = 1


def no_answer() -> Any:
    return 5


async def takes(message: OutboundMessage) -> Delivery:
    return Delivery(delivered=True, problem=message.id)


async def raises() -> Delivery:
    detail = "an@example.vn is unknown"
    raise ConnectionError(detail)


async def says_yes() -> Any:
    return "đã gửi"


def registry(**hooks: dict[str, Any]) -> Registry:
    """A registry of plugins with these hooks, by name."""
    loaded = load_registry(
        {name: plugin_module(name, hooks=own, settings=Settings) for name, own in hooks.items()}
    )
    loaded.require_sound()
    return loaded


def delivers(*channels: str, by: Any = takes) -> dict[str, Any]:
    return {"channels": lambda: list(channels), "deliver_message": by}


def names(plugins: Registry, enabled: EnabledPlugins) -> dict[str, str]:
    return {channel: each.name for channel, each in plugins.channels(enabled).items()}


class TestTheChannels:
    def test_a_plugin_that_names_no_channel_delivers_nothing(self) -> None:
        plugins = registry(one={"deliver_message": takes})

        assert names(plugins, EnabledPlugins(states={"one": OFFERED})) == {}

    def test_the_first_plugin_that_delivers_one_has_it(self) -> None:
        plugins = registry(one=delivers("email"), two=delivers("email", "phone"))
        tenant = EnabledPlugins(states={"one": OFFERED, "two": OFFERED})

        for _ in range(2):
            assert names(plugins, tenant) == {"email": "one", "phone": "two"}

    def test_a_plugin_that_does_not_work_for_the_tenant_has_none(self) -> None:
        plugins = registry(one=delivers("email"), two=delivers("email"), three={})
        tenant = EnabledPlugins(
            states={"one": PluginState.QUARANTINED, "two": PluginState.ABSENT, "three": OFFERED}
        )

        assert names(plugins, tenant) == {}

    def test_one_that_fails_or_is_set_wrongly_keeps_nobody_from_delivering(self) -> None:
        plugins = registry(
            one={**delivers(), "channels": no_answer},
            three=delivers("email"),
            two=delivers("email"),
        )
        tenant = EnabledPlugins(
            states={"one": OFFERED, "three": OFFERED, "two": OFFERED},
            settings={"three": {"days": 0}},
        )

        assert names(plugins, tenant) == {"email": "two"}


@pytest.mark.anyio
class TestAMessage:
    async def test_goes_to_the_plugin_that_delivers_its_channel(self) -> None:
        tenant = EnabledPlugins(states={"one": OFFERED, "two": OFFERED})
        plugins = registry(one=delivers("phone", by=raises), two=delivers("email"))

        given = await plugins.deliver(tenant, MESSAGE)

        assert given == Delivery(delivered=True, problem="m1")

    async def test_of_a_channel_nobody_delivers_stays(self) -> None:
        tenant = EnabledPlugins(states={"one": OFFERED})

        given = await registry(one=delivers("phone")).deliver(tenant, MESSAGE)

        assert given == Delivery(delivered=False, problem="no-channel")

    @pytest.mark.parametrize(
        ("hook", "problem"), [(raises, "ConnectionError"), (says_yes, "ValidationError")]
    )
    async def test_that_fails_is_undelivered_and_names_no_personal_data(
        self, hook: Any, problem: str
    ) -> None:
        plugins = registry(one=delivers("email", by=hook))
        tenant = EnabledPlugins(states={"one": OFFERED})

        given = await plugins.deliver(tenant, MESSAGE)

        assert given == Delivery(delivered=False, problem=problem)
