"""Runs in sos-access's own Python. Lines of JSON in, one out for each.

{"load": root, "hex": document}: what its schema reads there.
{"dump": root, "status": n, "info": words}: an answer as it writes it.
Only .schemas is imported: the wheel also ships modules that connect to real receivers when imported.
"""

import json
import sys
from datetime import datetime

from sos_access import schemas

REQUESTS = {
    "alarmrequest": schemas.AlarmRequestSchema,
    "pingrequest": schemas.PingRequestSchema,
    "requestnewauthentication": schemas.NewAuthRequestSchema,
}
ANSWERS = {
    "alarmresponse": schemas.AlarmResponseSchema,
    "pingresponse": schemas.PingResponseSchema,
    "requestnewauthenticationresponse": schemas.NewAuthResponseSchema,
}


def plain(value):
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return value.isoformat() if isinstance(value, datetime) else str(value)


def written(asked):
    """Load an answer of plain words with its own schema, and write it back: in its own order and times."""
    tag = asked["dump"]
    new = "<newauthentication>Zyx987Wvu654Tsr</newauthentication>" if tag.startswith("requestnew") else ""
    raw = (
        f'<?xml version="1.0" encoding="ISO-8859-1"?><{tag}>'
        f"<status>{asked['status']}</status><info>{asked['info']}</info>"
        f"{new}<arrivaltime>2026-11-22 13:14:15.016</arrivaltime></{tag}>"
    )
    schema = ANSWERS[tag]()
    return schema.dump(schema.load(raw)).encode("latin-1").hex()


for line in sys.stdin:
    asked = json.loads(line)
    try:
        if "load" in asked:
            schema = (REQUESTS | ANSWERS)[asked["load"]]()
            said = {"read": plain(vars(schema.load(bytes.fromhex(asked["hex"]).decode("latin-1"))))}
        else:
            said = {"hex": written(asked)}
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(said) + "\n")
