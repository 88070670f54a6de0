"""The command: one line of JSON, three receivers, a clean end."""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
import stat
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.larmcentral.channels.support import NUMBER


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_it_tells_where_it_is_serves_and_ends_cleanly(tmp_path: Path, sign: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "devices.peers", "--dir", str(tmp_path / "keys"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        told = json.loads(await process.stdout.readline())
    trusted = ssl.create_default_context(cafile=told["ca_file"])
    auth = aiohttp.encode_basic_auth(told["sms"]["username"], told["sms"]["password"])
    form = {"from": "Larmet", "to": NUMBER, "message": "Hej"}
    async with aiohttp.ClientSession() as session:
        async with session.post(
            told["sms"]["endpoint"], data=form, ssl=trusted, headers={"Authorization": auth}
        ) as response:
            made = await response.json(content_type=None)
        counts = []
        for name in ("apns", "fcm", "sms"):
            async with session.get(f"{told[name]['side']}/_received") as response:
                counts.append((await response.json())["count"])

    process.send_signal(sign)
    async with asyncio.timeout(10):
        code = await process.wait()

    assert code == 0
    assert made["status"] == "created"
    assert counts == [0, 0, 1]
    for file in (told["apns"]["key_file"], told["fcm"]["service_account_file"]):
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
