"""The proxy of the addon's tests, loaded without Odoo."""

import importlib.util

from tests.soak.world import FIXTURES

_spec = importlib.util.spec_from_file_location(
    "freezing_proxy", FIXTURES / "freezing_proxy.py"
)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
FreezingProxy = _module.FreezingProxy
