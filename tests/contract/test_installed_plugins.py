"""Every installed plugin keeps to the published contract."""

import motcua_certification.plugin
import motcua_civil_status.plugin
import motcua_general_procedures.plugin
import motcua_sample.plugin
from motcua.registry import load_registry
from motcua.testing.contract import PluginContract


class TestCertification(PluginContract):
    plugin = motcua_certification.plugin


class TestCivilStatus(PluginContract):
    plugin = motcua_civil_status.plugin


class TestGeneralProcedures(PluginContract):
    plugin = motcua_general_procedures.plugin


class TestSample(PluginContract):
    plugin = motcua_sample.plugin


def test_no_installed_plugin_is_left_out() -> None:
    held = {contract.plugin for contract in PluginContract.__subclasses__()}

    assert {plugin.module for plugin in load_registry().plugins.values()} <= held
