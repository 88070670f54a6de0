"""Devices leave files for the database and for push."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator

import pytest

from larmcentral.receivers.files import has_room

SPARE = 40


@pytest.fixture
def few_files() -> Iterator[list[int]]:
    """This process may open SPARE files more; closes what a test has put into the list."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(2)
    os.close(lowest)
    opened: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + SPARE, hard))
    try:
        yield opened
    finally:
        for each in opened:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_device_may_come_until_only_the_reserve_is_left(few_files: list[int]) -> None:
    reserved = 10
    while has_room(reserved):
        few_files.append(os.dup(2))
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert max(few_files) == limit - reserved - 1, "and no device has a file of the reserve"
    os.close(few_files.pop())
    assert has_room(reserved), "who leaves makes room"


def test_with_no_file_left_at_all_nobody_is_let_in(few_files: list[int]) -> None:
    while has_room(0):
        few_files.append(os.dup(2))
    with pytest.raises(OSError, match="Too many open files"):
        os.dup(2)
