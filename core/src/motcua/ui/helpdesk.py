"""Whom the pages of one unit send people to."""

import datetime as dt

from motcua.domain.calendar import VN
from motcua.plugin.texts import text
from motcua.services.house import Desk
from motcua.services.receive import ended
from motcua.ui.site import HelpDesk, help_of


def help_at(here: Desk, general: HelpDesk, now: dt.datetime) -> HelpDesk:
    """Where people get help; a unit that has ended has no office any more."""
    if ended(here, now):
        return HelpDesk(name=general.name, address=text("ui.help.ended"))
    place = ", ".join(filter(None, (here.name, here.above)))
    return help_of(here.settings, general, place, now.astimezone(VN).date())
