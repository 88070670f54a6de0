"""Twisted as a guest on the tests' one loop. A process can have only one reactor, so everybody takes this one."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest

from larmcentral.bridge import GuestReactor, install_reactor, start_reactor, stop_reactor


@pytest.fixture(scope="session")
async def reactor() -> AsyncIterator[GuestReactor]:
    """The reactor, running, for the whole run."""
    installed = sys.modules.get("twisted.internet.reactor")
    guest = install_reactor() if installed is None else installed
    assert isinstance(guest, GuestReactor), "some module imported Twisted's reactor before us"
    start_reactor(guest)
    yield guest
    await stop_reactor(guest)
