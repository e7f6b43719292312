"""Named places where tests end a transfer.

Does nothing unless a process calls :func:`arm`, which only the loader of DuckDB files
and the tests' own processes do: Odoo never reacts to the variables.

``OLAP_EXPORT_FAULT=phase:n`` kills the process at the n-th arrival at the phase;
``OLAP_EXPORT_FAULT_LOG`` names a file that gets a line for each arrival.
"""

import os
import signal

_state = {"phase": None, "left": 0, "log": None}


def arm():
    """Take the fault from the environment."""
    phase, _colon, count = os.environ.get("OLAP_EXPORT_FAULT", "").partition(":")
    _state.update(
        phase=phase, left=int(count or 1), log=os.environ.get("OLAP_EXPORT_FAULT_LOG")
    )


def reach(phase):
    """Tell that ``phase`` is reached; may not return."""
    if _state["log"]:
        with open(_state["log"], "a", encoding="ascii") as log:
            log.write(f"{phase}\n")
    if _state["phase"] == phase:
        _state["left"] -= 1
        if _state["left"] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
