"""The snapshot of enrolled devices: refreshed, never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from larmcentral.clock import SystemClock
from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.receivers import enrolled
from larmcentral.receivers.enrolled import EnrolledDevices
from protocols.conversation import Account
from protocols.signal import AccountId
from tests.fakes.intake import eventually

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = AccountId("anna")
BO = AccountId("bo")


class Clock(SystemClock):
    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


class Table:
    """The devices as the database has them."""

    def __init__(self) -> None:
        self.rows: list[EnrolledDevice] = []
        self.asked: list[datetime | None] = []
        self.error: Exception | None = None

    def enrol(self, account: AccountId, *, minutes: int = 0, model: str | None = None) -> None:
        self.rows = [row for row in self.rows if row.account != account]
        changed_at = NOON + timedelta(minutes=minutes)
        self.rows.append(EnrolledDevice(protocol="watch", account=account, changed_at=changed_at, model=model))

    async def load(self, since: datetime | None) -> Sequence[EnrolledDevice]:
        self.asked.append(since)
        if self.error is not None:
            raise self.error
        return [row for row in self.rows if since is None or row.changed_at >= since]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
async def devices(table: Table, clock: Clock) -> AsyncIterator[EnrolledDevices]:
    devices = EnrolledDevices(load=table.load, clock=clock, refresh_s=60)
    yield devices
    await devices.stop()


async def test_a_device_is_found_under_its_own_protocol_only(table: Table, devices: EnrolledDevices) -> None:
    table.enrol(ANNA, model="x1")
    await devices.refresh()
    assert devices.of("watch").find(ANNA) == Account(ANNA, model="x1")
    assert devices.of("dc09").find(ANNA) is None
    assert devices.of("watch").find(BO) is None


async def test_a_bulk_import_is_read_again_for_as_long_as_the_overlap_and_no_longer(
    table: Table, devices: EnrolledDevices, clock: Clock
) -> None:
    for number in range(50):
        table.enrol(AccountId(f"watch {number}"))
    await devices.refresh()
    await devices.refresh()
    assert table.asked[-1] == NOON - enrolled.OVERLAP
    clock.ahead_s = enrolled.OVERLAP.total_seconds() + 1
    table.enrol(ANNA, minutes=1)
    await devices.refresh()
    assert table.asked[-1] == NOON
    assert devices.of("watch").find(ANNA) is not None
    await devices.refresh()
    assert table.asked[-1] == NOON + timedelta(minutes=1) - enrolled.OVERLAP


async def test_only_what_changed_is_read_with_an_overlap(table: Table, devices: EnrolledDevices) -> None:
    table.enrol(ANNA)
    await devices.refresh()
    table.enrol(BO, minutes=5)
    table.enrol(ANNA, minutes=5, model="x2")
    await devices.refresh()
    await devices.refresh()
    assert table.asked == [None, NOON - enrolled.OVERLAP, NOON + timedelta(minutes=5) - enrolled.OVERLAP]
    account = devices.of("watch").find(ANNA)
    assert account is not None
    assert account.model == "x2"
    assert len(devices) == 2


async def test_a_removed_device_goes_when_everything_is_read_again(
    table: Table, devices: EnrolledDevices, clock: Clock
) -> None:
    table.enrol(ANNA)
    await devices.refresh()
    table.rows.clear()
    await devices.refresh()
    assert devices.of("watch").find(ANNA) is not None
    clock.ahead_s += enrolled.READ_WHOLE_EVERY_S
    await devices.refresh()
    assert devices.of("watch").find(ANNA) is None


async def test_while_the_store_is_away_the_old_snapshot_stays(table: Table, devices: EnrolledDevices) -> None:
    watch = devices.of("watch")
    assert (watch.loaded, devices.age_s) == (False, None)
    table.enrol(ANNA)
    await devices.start()
    await devices.loaded()
    assert watch.loaded
    table.error = StoreUnavailable("away")
    devices.hint()
    await eventually(lambda: len(table.asked) == 2)
    assert watch.find(ANNA) is not None
    table.error = RuntimeError("a bug of the store")
    devices.hint()
    await eventually(lambda: len(table.asked) == 3)
    table.error = None
    table.enrol(BO, minutes=1)
    devices.hint()
    await eventually(lambda: watch.find(BO) is not None)
    assert devices.age_s is not None


async def test_start_and_stop_in_any_order_and_twice(table: Table, devices: EnrolledDevices) -> None:
    await devices.stop()
    for _ in range(2):
        await devices.start()
        await devices.start()
        await devices.loaded()
        await devices.stop()
        await devices.stop()
    asked = len(table.asked)
    devices.hint()
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(table.asked) == asked


async def test_a_secret_is_not_shown_when_a_row_is() -> None:
    row = EnrolledDevice(protocol="dc09", account=ANNA, changed_at=NOON, secret=b"0123456789abcdef")
    assert "0123456789abcdef" not in repr(row)
