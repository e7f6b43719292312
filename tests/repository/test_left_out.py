"""A test that did not run is told by name and reason, and fails the run."""

import subprocess
import sys

import pytest

from tools import checks
from tools.base import ROOT

FILES = {
    "unit": "def test(self): self.skipTest('no engine')",
    "subtest": "def test(self):\n  with self.subTest(x=1): self.skipTest('no engine')",
    "browser": "def test(self): raise unittest.SkipTest('no engine')",
    "whole_class": "@classmethod\n def setUpClass(cls): cls().skipTest('no engine')\n"
    " def test(self): pass",
    "mark": "@pytest.mark.skip(reason='no engine')\n def test(self): pass",
    "whole_file": "pass\nraise unittest.SkipTest('no engine')",
}
PLUGINS = ("no:odoo", "no:cacheprovider", "no:hypothesispytest", "tests.left_out")


def run(folder, files, *options):
    for name, lines in files.items():
        (folder / f"test_{name}.py").write_text(
            f"import unittest, pytest\nclass Test(unittest.TestCase):\n {lines}\n"
        )
    command = [sys.executable, "-m", "pytest", *(f"-p{name}" for name in PLUGINS)]
    done = subprocess.run(  # noqa: S603
        [*command, "--rootdir", folder, *options, folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_whatever_is_left_out_fails_the_run(tmp_path, options):
    status, said = run(tmp_path, FILES, *options)
    assert status == 1, said
    told = said.partition("= left out =")[2]
    for name in FILES:
        assert f"test_{name}.py" in told, name
    assert told.count(": no engine\n") == len(FILES)
    assert f"{len(FILES)} left out, so this run failed" in told


def test_a_run_without_any_passes(tmp_path):
    lines = "@pytest.mark.xfail\n def test(self): assert False"
    status, said = run(tmp_path, {"fails": lines, "passes": "def test(self): pass"})
    assert (status, "left out" in said) == (0, False), said


def test_a_right_that_nobody_can_install_is_told(tmp_path):
    lines = "def test(self): self.skipTest('needs the right to mount')"
    status, said = run(tmp_path, {"disk": lines, "passes": "def test(self): pass"})
    assert status == 0, said
    assert "needs the right to mount" in said.partition("= left out =")[2]


def test_odoo_s_runner_is_read_alike():
    log = (
        "2026-01-01 00:00:00,000 1 INFO db odoo.addons.x.tests.test_y: "
        "skipped TestY.test_z : Chrome executable not found\n"
    )
    assert checks.find_left_out(log) == {"TestY.test_z: Chrome executable not found"}
