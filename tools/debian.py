"""Fetch Debian packages through a private apt and unpack them, without root.

apt checks the signatures. Nothing is installed: lists, downloads and files stay in
the state folder.
"""

import os
import re
import shutil
from pathlib import Path

from tools.base import DEV, Problem, run, which

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = """\
Types: deb
URIs: {mirror}
Suites: trixie sid
Components: main
Signed-By: {keyring}
"""
# What apt would read first from each archive: its address, and the release.
INDEX = re.compile(r"^'(\S+)/dists/([^/\s]+)/(?:In)?Release'", re.MULTILINE)
INSTEAD = "or set ODOO_HOME to a folder with Odoo 19, then repeat this command."


def _mirror():
    """Return the mirror that the machine's own apt uses."""
    if mirror := os.environ.get("DEBIAN_MIRROR"):
        return mirror
    system = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    if system.get("ID") == "debian":
        # With a state of its own: at this moment the machine's apt may be at work.
        found = run(*_apt("own"), "update", "--print-uris")
        names = {system.get("VERSION_CODENAME"), "stable", "testing", "sid", "unstable"}
        for uri, release in INDEX.findall(found):
            if release in names:
                return uri
    raise Problem(
        "No Debian mirror is known: set DEBIAN_MIRROR to the address of one, " + INSTEAD
    )


def _apt(name, *options):
    """Return an apt-get command whose state is a folder of its own."""
    home = DEV / "apt" / name
    for folder in ("lists/partial", "cache/archives/partial", "parts"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    return [
        "apt-get",
        *("-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root"),
        # A mirror that lags behind is good enough; signatures are still checked.
        *("-o", "Acquire::Check-Valid-Until=false", "-o", "Acquire::Languages=none"),
        *("-o", f"Dir::State::lists={home}/lists", "-o", f"Dir::Cache={home}/cache"),
        *options,
    ]


def _unpack(debs, root):
    """Unpack packages into a folder that appears only when it is complete."""
    partial = root.with_name(root.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for deb in debs:
        run("dpkg-deb", "-x", str(deb), str(partial))
        deb.unlink()
    shutil.rmtree(root, ignore_errors=True)
    partial.rename(root)


def fetch(packages, root):
    """Unpack packages of trixie or sid that fit every architecture."""
    if not which("apt-get"):
        raise Problem("There is no apt-get on this machine: use a Debian, " + INSTEAD)
    if not KEYRING.exists():
        raise Problem(
            "Debian's keys are missing: apt-get install debian-archive-keyring, "
            + INSTEAD
        )
    home = DEV / "apt" / "sid"
    command = _apt(
        "sid",
        *("-o", f"Dir::Etc::sourcelist={home}/debian.sources"),
        *("-o", f"Dir::Etc::sourceparts={home}/parts"),
        *("-o", "APT::Architecture=amd64", "-o", "APT::Architectures=amd64"),
    )
    (home / "debian.sources").write_text(
        SOURCES.format(mirror=_mirror(), keyring=KEYRING)
    )
    problem = "Debian's packages cannot be fetched: check the network and DEBIAN_MIRROR"
    run(*command, "update", problem=f"{problem}, {INSTEAD}")
    downloads = home / "downloads"
    downloads.mkdir(exist_ok=True)
    for deb in downloads.glob("*.deb"):
        deb.unlink()
    run(*command, "download", *packages, cwd=downloads, problem=f"{problem}, {INSTEAD}")
    _unpack(downloads.glob("*.deb"), root)


def fetch_with_dependencies(packages, root):
    """Unpack packages of the machine's own Debian and what they need beyond it."""
    command = _apt("own")
    run(*command, "update")
    run(
        *(*command, "install", "--download-only", "-y", "--no-install-recommends"),
        *packages,
    )
    _unpack((DEV / "apt" / "own" / "cache" / "archives").glob("*.deb"), root)
