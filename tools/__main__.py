"""``python3 -m tools COMMAND``: what the Makefile calls."""

import sys

from tools import checks, install, server
from tools.base import Problem, say

# These need neither a browser nor what tests and formatters are made of.
DEMO_COMMANDS = {"demo", "run", "shell", "try", "untry"}
COMMANDS = {
    "setup": None,
    "demo": server.demo,
    "run": server.serve,
    "stop": server.stop,
    "shell": server.shell,
    "try": server.try_,
    "untry": server.untry,
    "test": checks.test,
    "test-fast": checks.test_fast,
    "soak": checks.soak,
    "mutate": checks.mutate,
    "test-odoo": checks.test_odoo,
    "test-core": checks.test_core,
    "lint": checks.lint,
    "format": checks.format_,
    "i18n": checks.i18n,
    "wheel": checks.wheel,
    "screenshots": checks.screenshots,
    "bench": checks.bench,
    "clean": checks.clean,
}


def main():
    command, *arguments = sys.argv[1:] or ["setup"]
    try:
        if command not in {"demo", "stop", "clean"}:
            install.setup(everything=command not in DEMO_COMMANDS)
        if command == "setup":
            say("Everything is there:", install.versions())
            return 0
        return COMMANDS[command](*arguments) or 0
    except Problem as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
