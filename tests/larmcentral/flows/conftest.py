"""Flows are tried in the stories' world, one at a time."""

from tests.stories.conftest import new_world as new_world
from tests.stories.conftest import world as world
