"""Seeds run beside each other, on every core, in processes of their own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest


@pytest.fixture(scope="session")
def cores() -> Iterator[ProcessPoolExecutor]:
    """One process a core. Fresh ones: nothing that another test has loaded or left is in them."""
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool
