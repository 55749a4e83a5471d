"""The published contract of a plugin, as a test class.

Anybody's plugin is held to it in two lines::

    class TestCertification(PluginContract):
        plugin = motcua_certification.plugin

It takes the fixtures of :mod:`motcua.testing.fixtures`.
"""

from motcua.testing.contract_database import DatabaseContract
from motcua.testing.contract_definitions import DefinitionContract
from motcua.testing.contract_forms import FormContract
from motcua.testing.contract_hooks import HookContract
from motcua.testing.contract_papers import PaperContract


class PluginContract(
    DefinitionContract, FormContract, HookContract, PaperContract, DatabaseContract
):
    """What every plugin keeps to; set :attr:`plugin` to the module with its manifest."""
