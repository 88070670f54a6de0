"""Feed families of protocols with damaged captures by the million: only signals and remote faults may come out.

    python -m tests.protocols.fuzzing teltonika --inputs 1000000 --seed 1
    python -m tests.protocols.fuzzing all --inputs 10000

Inputs are a family's captures, mutated and mixed with other families', in random chunks, each on a fresh connection or
datagram. Where a family has a checksum, most damaged frames are given a right one, or nothing behind it would be
reached. The emulators' ears are fed with what the receiver answers, mutated likewise. One line of JSON a family.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import random
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from devices.device import Address, DeviceSettings
from devices.talk import Answered, HeardDown, Ordered, Said, Talk
from protocols.conversation import Close, Conversation, Event, Fault, Reply, SignalsReceived
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.openers import Open
from protocols.orders import CallBack, Commission, Locate, Reassure, TakesOrders
from protocols.registry import STREAMS
from protocols.signal import AccountId, Signal
from protocols.watch.conversation import WatchTransmitter
from tests.protocols.captured import FOLDER
from tests.protocols.fuzzing_mutations import REPAIRS, mutated, pieces_of
from tests.protocols.streams import NOW, openers_of, said

LIMIT_BYTES: Final = 256 * 1024
"""What any family may keep for one connection: the largest frame is a watch's picture."""
MAX_EVIDENCE: Final = 256
SAME_HOWEVER_CUT: Final = 0.02
HEARD_BY_DEVICE: Final = 0.1
BY_DATAGRAM: Final = 0.3
ORDERS: Final = (
    Reassure("Hjälp är på väg, 請等待"),
    Locate(),
    CallBack("+46701234567"),
    Commission(sos_numbers=("+46701234567",), fall_detection=True, fall_calls=False, in_utc=True, report_every_s=60),
)


@dataclass
class Found:
    """What came of a family's inputs."""

    family: str
    seed: int
    inputs: int = 0
    octets: int = 0
    signals: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    heard_by_device: int = 0
    slowest_ms: float = 0.0
    spent_s: float = 0.0

    def as_json(self) -> str:
        """Return one line."""
        told = vars(self) | {"slowest_ms": round(self.slowest_ms, 1), "spent_s": round(self.spent_s, 1)}
        return json.dumps(told | {"signals": dict(self.signals.most_common()), "faults": dict(self.faults)})


@dataclass(frozen=True)
class Seeds:
    """A family's captures: what one device says on one connection, each a list of frames."""

    own: list[list[bytes]]
    others: list[bytes]


def families() -> list[str]:
    """Return the families whose captures are rows of frames."""
    return [name for name in STREAMS if rows_of(name)]


def fuzz(family: str, inputs: int, seed: int) -> Found:
    """Feed a family so many inputs. Raises AssertionError, or whatever a decoder lets out, naming the input."""
    openers = openers_of(family)
    others = [frame for name in STREAMS if name != family for row in rows_of(name) for frame in row]
    seeds = Seeds(rows_of(family), others or [b"\x00"])
    talk = _talk_of(family)
    found = Found(family, seed)
    begun_s = time.process_time()
    for number in range(inputs):
        chance = random.Random(f"{family} {seed} {number}")
        stream = _stream(family, seeds, chance)
        by_datagram = openers.datagram is not None and chance.random() < BY_DATAGRAM
        open_ = openers.datagram if by_datagram and openers.datagram else openers.connection
        chunks = [stream] if by_datagram else pieces_of(stream, chance)
        input_s = time.process_time()
        try:
            answers = feed(open_, chunks, found)
            if not by_datagram and chance.random() < SAME_HOWEVER_CUT:
                _same_however_cut(open_, stream, chunks)
            if talk is not None and chance.random() < HEARD_BY_DEVICE:
                _heard_by(talk, answers, chance, found)
        except BaseException:
            where = "datagram" if by_datagram else "connection"
            sys.stderr.write(f"{family} seed {seed} number {number} {where}: {[c.hex() for c in chunks]}\n")
            raise
        found.slowest_ms = max(found.slowest_ms, (time.process_time() - input_s) * 1000)
        found.inputs += 1
        found.octets += len(stream)
    found.spent_s = time.process_time() - begun_s
    return found


def _stream(family: str, seeds: Seeds, chance: random.Random) -> bytes:
    frames = list(chance.choice(seeds.own))
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        frames += chance.choice(seeds.own)
    if chance.random() < 0.05:
        chance.shuffle(frames)
    if chance.random() < 0.05:
        frames.insert(chance.randrange(len(frames) + 1), chance.choice(seeds.others))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(frames))
        frames[at] = mutated(frames[at], chance, seeds.others)
        repair = REPAIRS.get(family)
        if repair is not None and chance.random() < 0.8:
            frames[at] = repair(frames[at])
    stream = b"".join(frames)
    return stream if chance.random() < 0.9 else mutated(stream, chance, seeds.others)


def feed(open_: Open, chunks: Sequence[bytes], found: Found) -> bytes:
    """Say the chunks to a fresh conversation, ack everything, let its deadline pass; return all that it answered."""
    conversation = open_(NOW)
    answers: list[bytes] = []
    for chunk in chunks:
        _take(conversation, conversation.receive(chunk, NOW), answers, found)
        assert getattr(conversation, "pending_bytes", 0) <= LIMIT_BYTES, "more is kept than any frame is long"
    for _ in range(2):
        due_at = conversation.next_deadline()
        if due_at is not None:
            _take(conversation, conversation.deadline_passed(due_at), answers, found)
    if isinstance(conversation, TakesOrders):
        for order in ORDERS:
            try:
                answers += conversation.order(order, NOW)
            except LocalProtocolError:
                assert getattr(conversation, "device", None) is None, "an order is refused to a device with a name"
    found.answers += len(answers)
    return b"".join(answers)


def _take(conversation: Conversation, events: Sequence[Event], answers: list[bytes], found: Found) -> None:
    for event in events:
        match event:
            case SignalsReceived(signals, _, token):
                for signal in signals:
                    check_signal(signal)
                    found.signals[signal.kind.value] += 1
                if token is not None:
                    answers.append(conversation.ack(token, NOW))
                    assert type(answers[-1]) is bytes
            case Fault(error):
                assert isinstance(error, RemoteProtocolError), f"{error!r} is no remote fault"
                found.faults[type(error).__name__] += 1
            case Reply(octets):
                answers.append(octets)
            case Close():
                found.faults["closed"] += 1


def check_signal(signal: Signal) -> None:
    """A signal can be stored, drawn and counted, whatever a device said. Raises AssertionError."""
    texts = [signal.device or "", signal.code or "", signal.text or "", signal.repeat_key, *signal.doubts]
    texts += [part for pair in signal.evidence for part in pair]
    for text in texts:
        assert "\x00" not in text, f"a text that PostgreSQL cannot hold: {text!r}"
        text.encode("utf-8")
    assert len(signal.evidence) <= MAX_EVIDENCE, "evidence without a bound"
    assert sum(map(len, texts)) < 64 * 1024, "texts without a bound"
    assert signal.repeat_key, "a signal without a name"
    for at in (signal.event_at, signal.sent_at):
        assert at is None or at.utcoffset() is not None, "a time without a zone"
    assert signal.battery_pct is None or 0 <= signal.battery_pct <= 100
    if (place := signal.position) is not None:
        assert abs(place.lat) <= 90, "a place outside the globe"
        assert abs(place.lon) <= 180, "a place outside the globe"
        numbers = (place.accuracy_m, place.altitude_m, place.speed_mps, place.course_deg)
        assert all(number is None or math.isfinite(number) for number in numbers), "a place that is no number"


def _same_however_cut(open_: Open, stream: bytes, chunks: Sequence[bytes]) -> None:
    told = []
    for cut in ([stream], chunks):
        conversation = open_(NOW)
        events = [event for chunk in cut for event in conversation.receive(chunk, NOW)]
        # The sample of garbage depends on what had come in when it was told.
        told.append([one[::2] if isinstance(one, tuple) and len(one) == 3 else one for one in said(events)])
    assert told[0] == told[1], "cutting the stream elsewhere changes what it says"


def _heard_by(talk: Ear, answers: bytes, chance: random.Random, found: Found) -> None:
    talk.connected()
    if chance.random() < 0.5:
        talk.greeting(NOW)
    stream = answers if chance.random() < 0.2 else mutated(answers, chance, [b"\x00", answers])
    for chunk in pieces_of(stream, chance):
        for heard in talk.hear(chunk, NOW):
            assert isinstance(heard, Answered | Ordered)
            found.heard_by_device += 1


class WatchEar:
    """The watch is older than Talk: its transmitter hears for it."""

    def __init__(self) -> None:
        self.connected()

    def connected(self) -> None:
        """As Talk."""
        self._ear = WatchTransmitter(AccountId("8660000001"))

    def greeting(self, now: datetime) -> None:
        """As Talk."""

    def hear(self, chunk: bytes, now: datetime) -> list[HeardDown]:
        """As Talk."""
        return [Ordered(chunk) for _ in self._ear.receive(chunk, now)]


class Ear(Protocol):
    """What is used of a Talk."""

    def connected(self) -> None: ...
    def greeting(self, now: datetime) -> Said | None: ...
    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]: ...


def _talk_of(family: str) -> Ear | None:
    """Return the family's words on the device's side; None where the emulator is of another make."""
    if family == "watch":
        return WatchEar()
    try:
        module = importlib.import_module(f"devices.{family}")
    except ModuleNotFoundError:
        return None
    settings = DeviceSettings("866000000000017", (Address("127.0.0.1", 1),))
    for name, found in vars(module).items():
        if name.endswith("Talk") and isinstance(found, type) and found.__module__ == module.__name__:
            make: Callable[[DeviceSettings], Talk] = found
            return make(settings)
    return None


def rows_of(family: str) -> list[list[bytes]]:
    """Return the family's captures, each the frames of one connection."""
    found = []
    for file in sorted((FOLDER / family).glob("*.toml")):
        for row in tomllib.loads(file.read_text("utf-8")).get("frames", ()):
            if (frame := octets(row)) is not None:
                found.append([*(bytes.fromhex(one[4:]) if one.startswith("hex:") else one.encode() for one in
                                row.get("before", ())), frame])  # fmt: skip
    return found


def octets(row: dict[str, Any]) -> bytes | None:
    """Return the frame of a capture's row, or None for a row of another format."""
    if "hex" in row:
        return bytes.fromhex(row["hex"])
    written = row.get("frame", row.get("text"))
    if not isinstance(written, str):
        return None
    return bytes.fromhex(written[4:]) if written.startswith("hex:") else written.encode("utf-8")


def main() -> None:
    """Run from the command line."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("family", help="a family's name, several with commas, or all")
    words.add_argument("--inputs", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    for family in families() if asked.family == "all" else asked.family.split(","):
        sys.stdout.write(fuzz(family, asked.inputs, asked.seed).as_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
