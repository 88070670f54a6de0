"""Runs in sos-access's own Python: its client against a receiver on this machine.

Arguments: port, password, and what to do: "everything", or "alarm" once. Only .client is imported, as in oracle.py.
"""

import json
import sys

from sos_access.client import SOSAccessClient

port, password, what = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def client(authentication):
    return SOSAccessClient(
        transmitter_code="4711",
        transmitter_type="SV300",
        authentication=authentication,
        receiver_id="LARM",
        receiver_address=("127.0.0.1", port),
        use_single_receiver=True,
    )


def tried(call, **fields):
    try:
        answer = call(**fields)
    except Exception as error:
        return {"error": type(error).__name__}
    return {"status": int(answer.status), "reference": answer.reference, "info": answer.info}


first = client(password)
if what == "alarm":
    said = [tried(first.send_alarm, event_code="PA", reference="r1")]
else:
    texts = {"section": "1", "section_text": "Hemtjänst Öst", "detector": "17", "detector_text": "Anna Åkesson"}
    said = [
        tried(first.send_alarm, event_code="PA", reference="r1", **texts),
        tried(first.send_alarm, event_code="PA", reference="r1", **texts),
        tried(first.restore_alarm, event_code="PA", reference="r1", additional_info="rad 1\nrad 2", **texts),
        tried(first.ping, reference="p1"),
    ]
    new = first.request_new_auth(reference="n1")
    said.append({"status": int(new.status), "new": len(new.new_authentication)})
    said.append(tried(client(new.new_authentication).ping))
    said.append(tried(first.ping))
sys.stdout.write(json.dumps(said) + "\n")
