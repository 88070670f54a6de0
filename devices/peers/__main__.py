"""python -m devices.peers: every local stand-in, for demonstrations and load runs."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

import uvloop

from devices.peers.town import Town


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m devices.peers", description=__doc__)
    for name in ("apns", "fcm", "sms"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 takes a free one")
        parser.add_argument(f"--{name}-side-port", type=int, default=0, help="for /_received and /_orders")
    parser.add_argument("--dir", type=Path, required=True, help="keys and certificates are written here, mode 0600")
    parser.add_argument("--plain-http", action="store_true", help="FCM, SMS and voice without TLS")
    parser.add_argument("--quiet", action="store_true", help="keep no headers and bodies, for load runs")
    parser.add_argument("--report", choices=["delivered", "failed"], help="report this of every text message")
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    leave = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, leave.set)
    wished = {
        "apns": options.apns_port,
        "apns_side": options.apns_side_port,
        "fcm": options.fcm_port,
        "fcm_side": options.fcm_side_port,
        "sms": options.sms_port,
        "sms_side": options.sms_side_port,
    }
    town = Town(options.dir, ports=wished, plain_http=options.plain_http, quiet=options.quiet, report=options.report)
    try:
        await town.start()
        sys.stdout.write(json.dumps(town.describe()) + "\n")
        sys.stdout.flush()
        await leave.wait()
    finally:
        await town.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(arguments()))
