"""python -m devices.peers: all three receivers, for demonstrations and load runs."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

import uvloop

from devices.peers.apns_server import ApnsServer
from devices.peers.credentials import Credentials, make_credentials, write_secret
from devices.peers.fcm_server import FcmServer
from devices.peers.sms_server import SmsServer


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m devices.peers", description=__doc__)
    for name in ("apns", "fcm", "sms"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 takes a free one")
        parser.add_argument(f"--{name}-side-port", type=int, default=0, help="for /_received and /_orders")
    parser.add_argument("--dir", type=Path, required=True, help="keys and certificates are written here, mode 0600")
    parser.add_argument("--plain-http", action="store_true", help="FCM and SMS without TLS")
    parser.add_argument("--quiet", action="store_true", help="keep no headers and bodies, for load runs")
    parser.add_argument("--report", choices=["delivered", "failed"], help="report this of every text message")
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    leave = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, leave.set)
    credentials = make_credentials()
    files = credentials.write(options.dir)
    tls = None if options.plain_http else credentials.server_tls(options.dir)
    apns = ApnsServer(
        credentials,
        credentials.server_tls(options.dir),
        port=options.apns_port,
        side_port=options.apns_side_port,
        quiet=options.quiet,
    )
    fcm = FcmServer(credentials, tls, port=options.fcm_port, side_port=options.fcm_side_port, quiet=options.quiet)
    sms = SmsServer(
        credentials,
        tls,
        port=options.sms_port,
        side_port=options.sms_side_port,
        quiet=options.quiet,
        report=options.report,
    )
    peers = (apns, fcm, sms)
    try:
        for peer in peers:
            await peer.start()
        account = write_secret(options.dir / "service-account.json", fcm.service_account())
        addresses = describe(credentials, files | {"service_account": account}, apns, fcm, sms)
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        await leave.wait()
    finally:
        for peer in peers:
            await peer.stop()


def describe(
    credentials: Credentials, files: dict[str, str], apns: ApnsServer, fcm: FcmServer, sms: SmsServer
) -> dict[str, object]:
    """Return what a client must know, for the one line that we print."""
    return {
        "ca_file": files["ca"],
        "apns": {
            "host": "localhost",
            "port": apns.port,
            "key_file": files["apns_key"],
            "key_id": credentials.apns_key_id,
            "team_id": credentials.apns_team_id,
            "topic": credentials.apns_topic,
            "side": f"http://127.0.0.1:{apns.side.port}",
        },
        "fcm": {
            "endpoint": fcm.endpoint,
            "service_account_file": files["service_account"],
            "side": f"http://127.0.0.1:{fcm.side.port}",
        },
        "sms": {
            "endpoint": sms.endpoint,
            "username": credentials.sms_username,
            "password": credentials.sms_password,
            "side": f"http://127.0.0.1:{sms.side.port}",
        },
    }


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(arguments()))
