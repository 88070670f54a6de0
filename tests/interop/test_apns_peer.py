"""Our local APNs before software of others: what two ends of ours agree on proves little.

Skipped unless LARM_INTEROP=1. npm's @parse/node-apn is installed into a folder of its own outside the repository;
LARM_INTEROP_NODE_APN names one where it is kept between runs.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from devices.peers.apns_server import ApnsServer
from devices.peers.apple import REASONS
from devices.peers.credentials import make_credentials
from devices.peers.orders import Order

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1" or shutil.which("npm") is None,
    reason="LARM_INTEROP=1 and npm install and run @parse/node-apn",
)

CLIENT = "@parse/node-apn@8.1.0"
SCRIPT = Path(__file__).parent / "apns_peer" / "send.cjs"
WITHIN_S = 120.0
WORDS = ["Unregistered", "TooManyRequests", "ServiceUnavailable", "BadDeviceToken", "PayloadTooLarge", "ExpiredToken"]


@pytest.fixture(scope="session")
def node_apn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with node_modules; what is not there is installed."""
    kept = os.environ.get("LARM_INTEROP_NODE_APN")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("node-apn")
    if not (folder / "node_modules" / "@parse" / "node-apn").exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder), CLIENT]
        subprocess.run(command, check=True, timeout=300, cwd=folder)
    return folder


async def test_node_apn_reads_success_and_every_ordered_refusal(node_apn: Path, tmp_path: Path) -> None:
    credentials = make_credentials()
    files = credentials.write(tmp_path)
    server = ApnsServer(credentials, credentials.server_tls(tmp_path))
    await server.start()
    tokens = [f"{number:064x}" for number in range(len(WORDS) + 1)]
    for token, word in zip(tokens[1:], WORDS, strict=True):
        server.orders.for_address(token, Order(status=REASONS[word], reason=word))
    told = {
        "address": "localhost",
        "port": server.port,
        "ca": files["ca"],
        "key": files["apns_key"],
        "keyId": credentials.apns_key_id,
        "teamId": credentials.apns_team_id,
        "topic": credentials.apns_topic,
        "tokens": tokens,
    }

    process = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), str(node_apn), json.dumps(told), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(WITHIN_S):
        out, _ = await process.communicate()
    await server.stop()

    first, *refused = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0
    assert first == {"sent": 1, "status": None, "reason": None, "timestamp": None}
    assert [(line["sent"], line["status"], line["reason"]) for line in refused] == [
        (0, REASONS[word], word) for word in WORDS
    ]
    assert isinstance(refused[0]["timestamp"], int)
    assert next(iter(server.record)).payload == {"aps": {"alert": "Hej"}}
