"""A test that was left out must not look as if it had passed: it fails the run.

Loaded by ``make test`` (``-p tests.left_out``). Whatever the reason: a browser, a
package, a server's programs, an addon that is not installed. Only a right that an
ordinary user lacks, and nobody can install, is told without failing the run.
"""

import pytest

RIGHT = "needs the right to"
left_out = {}


def is_fault():
    """Tell whether anything was left out that could have been provided."""
    return any(RIGHT not in reason for reason in left_out.values())


def _keep(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr
        reason = where[-1] if isinstance(where, tuple | list) else where
        left_out[report.nodeid] = str(reason).removeprefix("Skipped: ")


def pytest_collectreport(report):
    """Keep a file that leaves out itself."""
    _keep(report)


def pytest_runtest_logreport(report):
    """Keep a test, or a subtest, that leaves out itself."""
    _keep(report)


def pytest_sessionfinish(session):
    if is_fault() and session.exitstatus in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if not left_out:
        return
    terminalreporter.section("left out", red=is_fault())
    for test, reason in left_out.items():
        terminalreporter.line(f"{test}: {reason}")
    if is_fault():
        terminalreporter.line(
            f"{len(left_out)} left out, so this run failed. What is missing comes with "
            "make setup, or is named above: provide it, then say make test again."
        )
