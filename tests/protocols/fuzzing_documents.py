"""Feed SOS Access and MQTT with damage by the million: their inputs are documents and publications, not rows of frames.

    python -m tests.protocols.fuzzing_documents sos_access --inputs 1000000 --seed 1
    python -m tests.protocols.fuzzing_documents mqtt --inputs 1000000

sos_access: requests in random chunks, damaged as bytes or as XML, to enrolled transmitters and strangers. mqtt:
publications damaged as bytes or as JSON, and each tenth time a broker's stream. Only signals and faults of the other
side may come out. One line of JSON a family.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from protocols.conversation import Account
from protocols.errors import RemoteProtocolError
from protocols.mqtt.messages import Publication
from protocols.mqtt.packets import MAX_PACKET_BYTES, publish
from protocols.mqtt.reading import PublicationReader
from protocols.mqtt.session import Arrived, BrokerSession, Lost, Subscriber
from protocols.signal import AccountId
from protocols.sos_access.conversation import openers
from tests.protocols.captured import FOLDER
from tests.protocols.fuzzing import Found, check_signal, feed
from tests.protocols.fuzzing_mutations import mutated, pieces_of
from tests.protocols.streams import NOW

_TEXT: Final = re.compile(rb">([^<>]*)<")
_ODD: Final = (
    b"", b"None", b"&#" + b"1" * 5000 + b";", b"&#65;", b"&#0;", b"&amp;", b"&x;",
    b"]]>", b"<![CDATA[x]]>", b"<!--x-->",
    b"A" * 300, b"\xff\xfe", b"\x00", b"RE", b"N597295E0176288", b"x9999999y0000000", b"E120", b"PA", b"?>",
)  # fmt: skip
_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1e300, 2**70, "", "sos",
    "\x00", "\ud800", "AQ==", "%", "NaN", [], {}, [[]], {"sos": True},
    "2026-03-04T05:06:07Z", "9999-99-99", "70b3d57ed0000017", [{"latitude": 91, "longitude": "x"}], "1" * 400,
)  # fmt: skip


class Everybody:
    """Accounts of all sorts, by the last sign of their name."""

    def find(self, device: AccountId) -> Account | None:
        """As Accounts."""
        return {
            "1": Account(device, b"Abc123Def456Ghi", options={"ping_level": "1", "position": "ddmmmm"}),
            "2": Account(device, b"Other0123456789", next_secret=b"Abc123Def456Ghi"),
            "3": Account(device),
            "7": Account(device, model="larmbutton", options={"zone": "x"}),
            "8": Account(device, model="WS101"),
            "9": Account(device, options={"uplink_rule_1": "*:0:0x01=panic", "uplink_battery": "*:1"}),
        }.get(device[-1:])


def fuzz(family: str, inputs: int, seed: int) -> Found:
    """Feed so many inputs. Raises AssertionError, or whatever a decoder lets out, naming the input."""
    found, one = Found(family, seed), FEEDERS[family]()
    begun_s = time.process_time()
    for number in range(inputs):
        chance, input_s = random.Random(f"{family} {seed} {number}"), time.process_time()
        try:
            one(chance, found)
        except BaseException:
            sys.stderr.write(f"{family} seed {seed} number {number}\n")
            raise
        found.slowest_ms = max(found.slowest_ms, (time.process_time() - input_s) * 1000)
        found.inputs += 1
    found.spent_s = time.process_time() - begun_s
    return found


Feeder = Callable[[random.Random, Found], None]


def _sos_access() -> Feeder:
    rows = _rows("sos_access")
    documents = [
        row["request"].encode("latin-1") if "request" in row else bytes.fromhex(row["hex"])
        for row in rows
        if "request" in row or "hex" in row
    ]
    opening = openers(Everybody(), lambda count: bytes(range(count)))

    def one(chance: random.Random, found: Found) -> None:
        document = chance.choice(documents)
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            document = _odd_element(document, chance)
        if chance.random() < 0.6:
            document = mutated(document, chance, documents)
        if chance.random() < 0.3:
            document = document.replace(b">4711<", b">471" + bytes([chance.choice(b"1239")]) + b"<")
        stream = document * chance.choice((1, 1, 1, 2))
        found.octets += len(stream)
        feed(opening.connection, pieces_of(stream, chance), found)

    return one


def _odd_element(document: bytes, chance: random.Random) -> bytes:
    """Put something odd into an element, or leave it out, or say it twice."""
    texts = list(_TEXT.finditer(document))
    if not texts:
        return document
    at, odd = chance.choice(texts), chance.choice(_ODD)
    if chance.random() < 0.1:
        return document[: at.start() + 1] + document[at.end() - 1 :]
    return document[: at.start(1)] + odd + document[at.end(1) :]


def _mqtt() -> Feeder:
    rows = [row for row in _rows("mqtt") if "payload" in row]
    payloads = [row["payload"].encode() for row in rows]
    trees = [json.loads(one) for one in payloads if one.startswith(b"{")]
    topics = [row["topic"] for row in rows] + ["town/hall/sos", "a/\x00/b", "", "owntracks/anna/phone/event"]
    reader = PublicationReader(Everybody())

    def one(chance: random.Random, found: Found) -> None:
        if chance.random() < 0.5:
            payload = json.dumps(_odd_member(chance.choice(trees), chance, 0)).encode()
        else:
            payload = mutated(chance.choice(payloads), chance, payloads)
        publication = Publication(topic=chance.choice(topics), payload=payload, retained=chance.random() < 0.2)
        found.octets += len(payload)
        try:
            signals = reader.read(publication, NOW + timedelta(seconds=chance.randrange(100)))
        except RemoteProtocolError as error:
            found.faults[type(error).__name__] += 1
        else:
            assert signals, "a publication that says nothing"
            for signal in signals:
                check_signal(signal)
                found.signals[signal.kind.value] += 1
        if chance.random() < 0.1:
            _broker(publication, chance, found)

    return one


def _odd_member(value: Any, chance: random.Random, depth: int) -> Any:
    """Return a JSON value with some of its inner ones put in the place of others."""
    if chance.random() < 0.08 * depth:
        return chance.choice(_VALUES)
    if isinstance(value, dict):
        return {name: _odd_member(inner, chance, depth + 1) for name, inner in value.items() if chance.random() < 0.95}
    if isinstance(value, list):
        return [_odd_member(inner, chance, depth + 1) for inner in value]
    return value


def _broker(publication: Publication, chance: random.Random, found: Found) -> None:
    """Say what a broker may say, damaged, in random chunks."""
    told = [b"\x20\x02\x00\x00", b"\x90\x03\x00\x01\x01", b"\xd0\x00", b"\x40\x02\x00\x01"]
    told.append(publish(publication.topic, publication.payload, 9, retained=publication.retained))
    stream = b"".join(told[:2] + [chance.choice(told) for _ in range(chance.randrange(6))])
    if chance.random() < 0.8:
        stream = mutated(stream, chance, told)
    session = BrokerSession(Subscriber(client_id="larm", topics=("#",)), NOW)
    for chunk in pieces_of(stream, chance):
        for event in session.receive(chunk, NOW):
            if isinstance(event, Lost):
                found.faults["lost"] += 1
            elif isinstance(event, Arrived) and event.published.number is not None:
                found.answers += len(session.acknowledge(event.published.number, NOW)) == 4
        assert session.pending_bytes <= 2 * MAX_PACKET_BYTES
    due_at = session.next_deadline()
    if due_at is not None:
        session.deadline_passed(due_at)


def _rows(family: str) -> list[dict[str, Any]]:
    files = sorted((FOLDER / family).glob("*.toml"))
    tables = [table for file in files for table in tomllib.loads(file.read_text("utf-8")).values()]
    return [row for table in tables if isinstance(table, list) for row in table]


FEEDERS: Final[dict[str, Callable[[], Feeder]]] = {"sos_access": _sos_access, "mqtt": _mqtt}


def main() -> None:
    """Run from the command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("family", choices=sorted(FEEDERS))
    words.add_argument("--inputs", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    sys.stdout.write(fuzz(asked.family, asked.inputs, asked.seed).as_json() + "\n")


if __name__ == "__main__":
    main()
