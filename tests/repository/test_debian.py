"""Debian's mirror is found while the machine's own apt is at work."""

import pytest

from tools import debian
from tools.base import DEV, Problem

INDEXES = """\
'https://mirror.example/debian-security/dists/{0}-security/InRelease' x_InRelease 0
'https://mirror.example/debian/dists/{0}-updates/InRelease' y_InRelease 0
'https://mirror.example/debian/dists/{0}/InRelease' z_InRelease 0
'https://mirror.example/other/dists/{0}/main/binary-all/Packages.xz' p_Packages 0
"""


class Apt:
    """Takes the place of apt: keeps what it was asked, answers what it shall say."""

    said = ""
    asked = ()

    def __call__(self, *command, **_options):
        self.asked = command
        return self.said


@pytest.fixture
def apt(monkeypatch):
    system = "ID=debian\nVERSION_CODENAME=trixie\n"
    monkeypatch.delenv("DEBIAN_MIRROR", raising=False)
    monkeypatch.setattr(debian.Path, "read_text", lambda _path: system)
    monkeypatch.setattr(debian, "run", apt := Apt())
    return apt


def test_the_mirror_is_that_of_the_release(apt):
    apt.said = INDEXES.format("trixie")
    assert debian._mirror() == "https://mirror.example/debian"


def test_a_mirror_of_another_release_is_none(apt):
    apt.said = INDEXES.format("bullseye")
    with pytest.raises(Problem, match="set DEBIAN_MIRROR"):
        debian._mirror()


def test_nothing_of_the_machine_is_touched(apt):
    apt.said = INDEXES.format("trixie")
    debian._mirror()
    for name in ("Dir::State::lists", "Dir::Cache"):
        assert f"{name}={DEV}" in " ".join(apt.asked)
    assert "--print-uris" in apt.asked
