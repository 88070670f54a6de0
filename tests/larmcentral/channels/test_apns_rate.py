"""How many notices a second one process hands over, to receivers in a process of their own.

LARM_MEASURE=1 pytest -s tests/larmcentral/channels/test_apns_rate.py prints the figures; they mean something only on
a machine with nothing else to do.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from escalation.chain import Channel
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.channels.fcm import FcmChannel, FcmSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState
from tests.larmcentral.channels.support import PATIENT, WORDING, in_house, running

pytestmark = pytest.mark.skipif(os.environ.get("LARM_MEASURE") != "1", reason="LARM_MEASURE=1 measures rates")

NOTICES = 10_000
AT_ONCE = 100
ROUNDS = 3


@pytest.fixture(params=[True, False], ids=["plain", "tls"])
async def peers(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    options = ["--plain-http"] if request.param else []
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "devices.peers", "--quiet", "--dir", str(tmp_path), *options),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    yield json.loads(await process.stdout.readline())
    process.terminate()
    await process.wait()


async def _measure(name: str, channel: ApnsChannel | FcmChannel, kind: Channel, address: str) -> None:
    left = iter([in_house(f"n{number}", channel=kind, address=address) for number in range(NOTICES)])
    took: list[float] = []

    async def worker() -> None:
        for notice in left:
            started_s = time.perf_counter()
            delivery = await channel.send(notice)
            took.append(time.perf_counter() - started_s)
            assert delivery.state is DeliveryState.SENT, delivery

    started_s, cpu_s = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    passed_s, cpu_s = time.perf_counter() - started_s, time.process_time() - cpu_s
    took.sort()
    sys.stdout.write(
        f"{name}: {NOTICES / passed_s:,.0f}/s, {cpu_s / NOTICES * 1e6:.0f} µs of CPU each, "
        f"p50 {took[NOTICES // 2] * 1000:.0f} ms, p99 {took[NOTICES * 99 // 100] * 1000:.0f} ms, {AT_ONCE} at once\n"
    )


async def test_rates(peers: dict[str, Any]) -> None:
    told = peers["apns"]
    apns = ApnsSettings(
        key_pem=Path(told["key_file"]).read_text(),
        key_id=told["key_id"],
        team_id=told["team_id"],
        topic=told["topic"],
        host=told["host"],
        port=told["port"],
        ca_file=peers["ca_file"],
        deadline=PATIENT,
    )
    fcm = FcmSettings(
        service_account_json=Path(peers["fcm"]["service_account_file"]).read_text(),
        endpoint=peers["fcm"]["endpoint"],
        ca_file=peers["ca_file"],
        deadline=PATIENT,
    )
    for _ in range(ROUNDS):
        async with running(ApnsChannel(apns, SystemClock(), WORDING)) as push:
            await _measure("APNs", push, Channel.APNS, "ab" * 32)
        async with running(FcmChannel(fcm, SystemClock(), WORDING)) as push_fcm:
            scheme = fcm.endpoint.partition(":")[0]
            await _measure(f"FCM over {scheme}", push_fcm, Channel.FCM, "phone")
