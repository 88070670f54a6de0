"""The figures, and the port that tells them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from larmcentral.domain.way_health import WayState
from larmcentral.metrics import MAX_LABEL_VALUES, Metrics
from larmcentral.metrics_http import MetricsServer


def test_every_figure_is_told() -> None:
    metrics = Metrics()
    metrics.taken_in("watch", "alarm", 0.003)
    metrics.first_notice(0.02)
    metrics.acknowledged(31.0)
    metrics.lane_length("telemetry", 7)
    metrics.overdue_deadlines(1)
    metrics.outbox_waiting(2)
    metrics.connection_opened("watch")
    metrics.connection_opened("watch")
    metrics.connection_closed("watch")
    metrics.device_named("watch")
    metrics.device_named("watch")
    metrics.device_gone("watch")
    metrics.connection_refused("watch", "all")
    metrics.connection_replaced("watch")
    metrics.synthetic_panic(0.05)
    metrics.synthetic_panic_age(3.0)
    metrics.database_ready(True)
    metrics.delivery("apns", "handed_over")
    metrics.way_state("46elks", WayState.SLOW)
    metrics.way_state("46elks", WayState.DEAD)
    metrics.way_took("46elks", 0.3)
    metrics.not_stored("watch", "LaneFull")
    metrics.fault("watch", "ContentError")
    metrics.unknown_device("watch", "alarm")
    metrics.repeat("watch")
    metrics.security_event("watch")
    told = {
        line for line in metrics.render().decode().splitlines() if not line.startswith("#") and "_created" not in line
    }
    assert told >= {
        'larm_receipt_to_commit_seconds_bucket{lane="alarm",le="0.005"} 1.0',
        "larm_receipt_to_first_notice_seconds_count 1.0",
        "larm_opened_to_acknowledged_seconds_sum 31.0",
        'larm_lane_length{lane="telemetry"} 7.0',
        "larm_overdue_deadlines 1.0",
        "larm_outbox_waiting 2.0",
        'larm_open_connections{receiver="watch"} 1.0',
        'larm_connected_devices{receiver="watch"} 1.0',
        'larm_connections_refused_total{reason="all",receiver="watch"} 1.0',
        'larm_connections_replaced_total{receiver="watch"} 1.0',
        "larm_synthetic_panic_seconds 0.05",
        "larm_synthetic_panic_age_seconds 3.0",
        "larm_database_ready 1.0",
        'larm_deliveries_total{channel="apns",result="handed_over"} 1.0',
        'larm_way_state{provider="46elks",state="slow"} 0.0',
        'larm_way_state{provider="46elks",state="dead"} 1.0',
        'larm_delivery_seconds_bucket{le="0.5",provider="46elks"} 1.0',
        'larm_frames_total{lane="alarm",receiver="watch"} 1.0',
        'larm_not_stored_total{reason="LaneFull",receiver="watch"} 1.0',
        'larm_faults_total{reason="ContentError",receiver="watch"} 1.0',
        'larm_unknown_devices_total{receiver="watch",what="alarm"} 1.0',
        'larm_repeats_total{protocol="watch"} 1.0',
        'larm_security_events_total{receiver="watch"} 1.0',
    }


def test_a_label_has_only_so_many_values() -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.fault("watch", f"reason-{number}")
    told = [line for line in metrics.render().decode().splitlines() if line.startswith("larm_faults_total")]
    assert len(told) <= MAX_LABEL_VALUES + 1
    assert any('reason="other"' in line for line in told)


def test_two_processes_in_one_are_two_registries() -> None:
    Metrics().fault("watch", "x")
    assert b'reason="x"' not in Metrics().render()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


async def test_metrics_and_health_are_told_over_http(client: aiohttp.ClientSession) -> None:
    why_not: list[str] = []
    slow = asyncio.Event()
    slow.set()

    async def ready() -> list[str]:
        await slow.wait()
        return why_not

    server = MetricsServer(metrics=Metrics(), ready=ready, host="127.0.0.1", port=0)
    await server.stop()
    await server.start()
    await server.start()
    base = f"http://127.0.0.1:{server.port}"

    async def get(path: str) -> tuple[int, str]:
        async with client.get(base + path) as response:
            return response.status, await response.text()

    status, text = await get("/metrics")
    assert (status, "larm_database_ready 0.0" in text) == (200, True)
    assert await get("/healthz") == (200, "alive\n")
    assert await get("/readyz") == (200, "ready\n")
    why_not.append("the database takes no writes")
    assert await get("/readyz") == (503, "the database takes no writes\n")
    slow.clear()
    assert await get("/readyz") == (503, "no answer within 2 s\n")
    other = MetricsServer(metrics=Metrics(), ready=ready, host="127.0.0.1", port=server.port or 0)
    with pytest.raises(OSError, match="address already in use"):
        await other.start()
    await server.stop()
    await server.stop()
    assert server.port is None
