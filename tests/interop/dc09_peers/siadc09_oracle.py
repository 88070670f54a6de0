"""Runs in siadc09's own Python: reads frames (JSON lines: hex, key), says what it makes of them; then emits its own."""

import json
import sys
from datetime import UTC, datetime

from siadc09 import message
from siadc09.account import Account
from siadc09.admcid import DataCid
from siadc09.siadcs import DataDcsGroup

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


def read(line):
    asked = json.loads(line)
    key = bytes.fromhex(asked["key"]) if asked["key"] else None
    try:
        found = message.parse_frame(bytes.fromhex(asked["hex"]), key)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "name": found.idtoken,
        "seq": found.seq,
        "account": found.account.acct,
        "line": found.account.pref,
        "receiver": found.account.rcvr,
        "encrypted": bool(found.encrypted),
        "data": found.data.content.hex() if found.data else "",
        "blocks": len(found.xdata),
        "sent_at": found.timestamp.isoformat() if found.timestamp else None,
        "words": str(found),
    }


def emitted():
    for key in (None, b"0123456789ABCDEF", bytes(range(24)), bytes(range(32))):
        account = Account(acct=0xABCD, pref=0, rcvr=1, key=key.hex() if key else None)
        config = {"idtoken": "SIA-DCS", "data": DataDcsGroup(content=b"#ABCD|Nri1/PA7^Reception^")}
        kinds = {
            "panic": message.EventMessage(account, config),
            "panic_cid": message.EventMessage(
                account, {"idtoken": "ADM-CID", "data": DataCid(content=b"#ABCD|1120 01 007")}
            ),
            "null": message.NullMessage(account, encrypted=bool(key)),
            "xnm": message.ExtendedNullMessage(account, encrypted=bool(key)),
        }
        for kind, said in kinds.items():
            try:
                raw = said.encode(seq=7, timestamp=NOON, encrypt=bool(key))
            except Exception as error:
                yield {"kind": kind, "key": key.hex() if key else None, "error": f"{type(error).__name__}: {error}"}
                continue
            yield {"kind": kind, "key": key.hex() if key else None, "hex": raw.hex()}


for line in sys.stdin:
    sys.stdout.write(json.dumps(read(line)) + "\n")
for frame in emitted():
    sys.stdout.write(json.dumps(frame) + "\n")
