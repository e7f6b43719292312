"""The wheel has what git has: a forgotten folder would vanish silently."""

import shutil
import subprocess
import sys
import zipfile

from tools.base import ADDONS, ROOT, run


def files_in_git():
    listed = run("git", "ls-files", "-co", "--exclude-standard", "--", *ADDONS)
    return {name for name in listed.splitlines() if (ROOT / name).exists()}


def test_wheel_has_every_file_of_the_addons(tmp_path):
    # A copy, so that setuptools leaves nothing in the checkout.
    source, target = tmp_path / "source", tmp_path / "wheel"
    files = {*files_in_git(), "setup.py", "pyproject.toml", "README.md", "LICENSE"}
    for name in files:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "-w", str(target), str(source)]
    subprocess.run(command, check=True)  # noqa: S603
    (wheel,) = target.glob("*.whl")
    packed = {
        name.removeprefix("odoo/addons/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("odoo/addons/")
    }
    assert packed == files_in_git()
