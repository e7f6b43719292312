"""My day: everybody's own tasks and meetings of all companies, by when they are due."""

from . import day_item
