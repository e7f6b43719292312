"""Tours and journeys wait for what stays, so that none fails on a slow machine."""

import re

import pytest

from tools.base import ADDONS, ROOT

TOURS = [
    path
    for addon in ADDONS
    for path in sorted((ROOT / addon).glob("static/tests/tours/*.js"))
]
JOURNEYS = sorted((ROOT / "tests" / "journeys").glob("test_*.py"))
# What goes away by itself, or has to happen within a time that core sets.
PASSING = re.compile(r"o_notification|toast|o_pager_indicator|o_loading_indicator")
HURRIED = re.compile(r"goToUrl|expectUnloadPage|timeout:|setTimeout")
# There before the records of the list are, and another one afterwards.
MENU_OF_A_LIST = re.compile(r"o_cp_action_menus|o_control_panel|adaptive-dropdown")


def name(path):
    return path.name


def test_there_are_tours_and_journeys():
    assert len(TOURS) > 5
    assert len(JOURNEYS) > 2


@pytest.mark.parametrize("path", TOURS + JOURNEYS, ids=name)
def test_nothing_waits_for_what_goes_away(path):
    assert PASSING.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TOURS, ids=name)
def test_every_step_of_a_tour_has_time(path):
    text = path.read_text(encoding="utf-8")
    if path.name == "tour_steps.js":  # gives each step its time
        return
    assert HURRIED.findall(text) == []
    assert 'registry.category("web_tour.tours")' not in text


@pytest.mark.parametrize("path", TOURS, ids=name)
def test_a_tour_opens_the_menu_of_a_list_that_has_loaded(path):
    for tour in path.read_text(encoding="utf-8").split("addTour(")[1:]:
        menu = MENU_OF_A_LIST.search(tour)
        assert not menu or "LIST_IS_LOADED" in tour[: menu.start()]
