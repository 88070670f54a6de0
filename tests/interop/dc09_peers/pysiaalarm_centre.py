"""Runs in pysiaalarm's own Python: an alarm receiving centre. Arguments: port, TCP or UDP. One JSON line an event."""

import json
import sys

from pysiaalarm import CommunicationsProtocol, SIAAccount, SIAClient

port, transport = int(sys.argv[1]), sys.argv[2]


def say(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def told(event):
    said = {name: str(getattr(event, name, None)) for name in ("account", "code", "zone", "ri", "message", "sequence")}
    said.update(encrypted=bool(event.encrypted), response=str(event.response))
    say(said)


accounts = [SIAAccount("1234"), SIAAccount("5678", "0123456789ABCDEF")]
with SIAClient("127.0.0.1", port, accounts, told, CommunicationsProtocol(transport)):
    say({"listening": port})
    sys.stdin.read()
