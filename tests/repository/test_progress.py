"""What people see while a long command works."""

import io

import pytest

from tools.progress import Progress, at_once, watching


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    now = 0

    def __call__(self):
        return self.now


def test_elsewhere_than_on_a_terminal_each_step_is_a_line():
    out, clock = io.StringIO(), Clock()
    with Progress(2, out, clock) as progress:
        progress.step("Fetching")
        clock.now = 83
        progress.note("Odoo")
        progress.step("Installing")
        clock.now = 240
    assert out.getvalue().splitlines() == [
        "[1/2] 0:00 · 2 to go · Fetching",
        "      Odoo",
        "[2/2] 1:23 · 1 to go · Installing",
        "[2/2] 4:00 · 0 to go · Done",
    ]


def test_on_a_terminal_a_bar_fills():
    out, clock = Terminal(), Clock()
    with Progress(2, out, clock) as progress:
        progress.step("Fetching")
        clock.now = 65
        progress.step("Installing")
        with watching(lambda: "module 3 of 80"):
            assert progress.line() == (
                "[##########----------] 1:05 · 1 to go · Installing · module 3 of 80"
            )
        assert progress.line().endswith("Installing")
    assert out.getvalue().endswith("[####################] 1:05 · 0 to go · Done\n")


def test_a_failure_is_not_called_done():
    out = io.StringIO()
    progress = Progress(1, out)
    with pytest.raises(ZeroDivisionError), progress:
        progress.step(f"Fetching {1 / 0}")
    assert "Done" not in out.getvalue()
    assert Progress.current is None


def test_tasks_run_side_by_side_and_tell_their_failure():
    assert at_once(lambda: 1, lambda: 2) == [1, 2]
    with pytest.raises(ZeroDivisionError):
        at_once(lambda: 1, lambda: 1 / 0)
