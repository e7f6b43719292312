"""Tests of people of activities, and of the roles that types propose."""

from . import test_activity_tour, test_people, test_tasks
