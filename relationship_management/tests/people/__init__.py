"""Tests of people of activities, and of the roles that types propose."""

from . import test_activity_tour, test_merge, test_people
