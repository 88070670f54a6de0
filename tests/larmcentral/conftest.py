"""Twisted for whoever asks, and receivers on loopback with a made-up protocol and a made-up intake."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from larmcentral.bridge import GuestReactor
from tests.larmcentral.receivers.rig import Rig
from tests.twisted_fixture import reactor

__all__ = ["reactor"]


@pytest.fixture
async def rig(reactor: GuestReactor) -> AsyncIterator[Rig]:
    rig = Rig(reactor)
    yield rig
    await rig.stop()
