"""The proxy and the programs of the addon's tests, loaded without Odoo."""

import importlib.util
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "olap_export" / "tests" / "warehouse"


def _load(name):
    spec = importlib.util.spec_from_file_location(name, FIXTURES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FreezingProxy = _load("freezing_proxy").FreezingProxy
Programs = _load("private_cluster").Programs
