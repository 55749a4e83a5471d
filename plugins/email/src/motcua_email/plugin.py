"""E-mail (thư điện tử): delivers messages to citizens through the unit's own mail server."""

from motcua.plugin import Delivery, OutboundMessage, PluginManifest, hookimpl
from motcua_email import sending
from motcua_email.settings import EmailSettings

manifest = PluginManifest(
    name="email",
    label_vi="Thư điện tử",
    label_en="E-mail",
    version="0.1.0",
    core_api=">=1.0,<2",
    settings=EmailSettings,
)


@hookimpl
def channels(settings: EmailSettings) -> list[str]:
    """Mail, as soon as server and sender are set."""
    return ["email"] if settings.complete else []


@hookimpl
async def deliver_message(message: OutboundMessage, settings: EmailSettings) -> Delivery:
    """Hand the message to the mail server."""
    return await sending.deliver(message, settings)
