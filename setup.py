"""Build all addons into one wheel that installs into the odoo.addons namespace."""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
DATA = [
    "*.rst",
    "data/**/*",
    "i18n/*",
    "migrations/**/*",
    "report/*.xml",
    "security/*",
    "sql/**/*",
    "static/**/*",
    "tests/**/*.sql",
    "views/*",
    "warehouse/**/*",
    "wizard/*.xml",
]


def read_manifest(addon):
    manifest = ROOT / addon / "__manifest__.py"
    return ast.literal_eval(manifest.read_text(encoding="utf-8"))


def python_packages(addon):
    return [addon, *(f"{addon}.{package}" for package in find_packages(ROOT / addon))]


setup(
    version=read_manifest(ADDONS[0])["version"],
    packages=[
        f"odoo.addons.{package}"
        for addon in ADDONS
        for package in python_packages(addon)
    ],
    package_dir={f"odoo.addons.{addon}": addon for addon in ADDONS},
    package_data={f"odoo.addons.{addon}": DATA for addon in ADDONS},
    exclude_package_data={f"odoo.addons.{addon}": ["**/*.pyc"] for addon in ADDONS},
)
