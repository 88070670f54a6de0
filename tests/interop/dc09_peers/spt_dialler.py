"""Runs in my-dc09-spt's own Python: dials a receiver, sends events and link tests, says how it went.

Arguments: port, TCP or UDP, key in hex or "-".
"""

import json
import os
import sys
import threading

from my_dc09_spt import dc09_spt

port, transport, key_hex = int(sys.argv[1]), sys.argv[2], sys.argv[3]
key = None if key_hex == "-" else bytes.fromhex(key_hex)
account = "1234" if key is None else "5678"

done = []
dialler = dc09_spt.dc09_spt(account, line=0)
dialler.set_callback(lambda *said: done.append(repr(said)))
dialler.set_path("main", "primary", "127.0.0.1", port, key=key, type=transport)
dialler.send_msg("SIA-DCS", {"area": 1, "zone": 7, "code": "PA", "text": "Reception"})
dialler.send_msg("SIA-DCS", {"code": "RP"})
dialler.send_msg("ADM-CID", {"area": 1, "zone": 7, "code": 120, "q": 1})
dialler.send_msg("ADM-CID", {"area": 1, "zone": 7, "code": 120, "q": 3})
dialler.start_poll(2)
threading.Event().wait(float(sys.argv[4]))  # the peer polls in a thread of its own
said = {"not_sent": repr(dialler.notSent()), "state": repr(dialler.state()), "done": done}
sys.stdout.write(json.dumps(said) + "\n")
sys.stdout.flush()
os._exit(0)  # its polling thread never ends
