"""How several processes share the tests."""

from types import SimpleNamespace

from tests import parallel
from tools.base import ROOT


def test_what_takes_long_exists():
    assert [name for name in parallel.LONG if not (ROOT / name).exists()] == []


def test_it_comes_first_and_the_rest_stays_in_order():
    files = ["a.py", parallel.LONG[2], "b.py", parallel.LONG[0]]
    items = [SimpleNamespace(nodeid=f"{file}::test") for file in files]
    parallel.pytest_collection_modifyitems(items)
    assert [item.nodeid.partition("::")[0] for item in items] == [
        *(parallel.LONG[0], parallel.LONG[2]),
        *("a.py", "b.py"),
    ]


def test_what_shares_a_server_goes_to_one_process():
    split = parallel.Schedule._split_scope
    stories = {split(None, f"{file}::test[pl_PL]") for file in parallel.STORIES}
    assert len(stories) == 1
    assert split(None, "a/test_b.py::TestC::test_d") == "a/test_b.py"
