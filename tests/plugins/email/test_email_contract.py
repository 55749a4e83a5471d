"""The plugin keeps what every plugin promises."""

import motcua_email.plugin
from motcua.testing.contract import PluginContract


class TestEmail(PluginContract):
    plugin = motcua_email.plugin
    same_in_both = frozenset({"email.setting.security.starttls", "email.setting.security.tls"})
