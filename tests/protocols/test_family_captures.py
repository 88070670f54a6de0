"""Every capture of the wearable families over TCP, value by value, whole and cut anywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from protocols.conversation import Account, Fault, SignalsReceived
from protocols.registry import STREAMS
from protocols.signal import AccountId
from tests.protocols.captured import FOLDER, captures, told
from tests.protocols.streams import check_cut_anywhere, hear, openers_of, replies

OTHERS = {"dc09", "sos_access", "watch"}
"""Families with a capture format of their own."""

FAMILIES = sorted(name for name in STREAMS if name not in OTHERS and (FOLDER / name).is_dir())
CAPTURES = [pytest.param(name, *row, id=f"{name} {row[0]}") for name in FAMILIES for row in captures(name, "frames")]


class Everybody:
    """All are enrolled, of the model that the capture names."""

    def __init__(self, model: str | None) -> None:
        self._model = model

    def find(self, device: AccountId) -> Account | None:
        """Return an account for whoever asks."""
        return Account(device, model=self._model)


def octets(written: str) -> bytes:
    """Read what a capture writes down: hex after "hex:", else the text itself with \\r and \\n as they are."""
    return bytes.fromhex(written[4:]) if written.startswith("hex:") else written.encode("utf-8")


@pytest.mark.parametrize(("family", "name", "heard_at", "row"), CAPTURES)
def test_a_frame_means_what_the_tables_say(family: str, name: str, heard_at: datetime, row: dict[str, Any]) -> None:
    openers = openers_of(family, Everybody(row.get("model")))  # type: ignore[arg-type]
    open_ = openers.datagram if row.get("udp") else openers.connection
    assert open_ is not None, f"{family} is not spoken over UDP"
    conversation = open_(heard_at)
    for earlier in row.get("before", ()):
        replies(conversation.receive(octets(earlier), heard_at), conversation, heard_at)
    events = list(conversation.receive(octets(row["frame"]), heard_at))
    if row.get("settles"):
        due_at = conversation.next_deadline()
        assert due_at is not None
        events += conversation.deadline_passed(due_at)

    signals = [told(signal) for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
    assert signals == row.get("signals", [])
    faults = [str(event.error) for event in events if isinstance(event, Fault)]
    assert [("error" in row, row.get("error", "") in fault) for fault in faults] == [(True, True)] * len(faults)
    assert bool(faults) == ("error" in row)
    assert replies(events, conversation, heard_at) == octets(row.get("reply", ""))


@pytest.mark.parametrize("family", FAMILIES)
def test_cutting_the_stream_anywhere_changes_nothing(family: str) -> None:
    openers = openers_of(family)
    for _, _, row in captures(family, "frames"):
        if row.get("udp") or row.get("settles") or row.get("uncut"):
            continue
        check_cut_anywhere(openers.connection, b"".join(map(octets, [*row.get("before", ()), row["frame"]])))


@pytest.mark.parametrize("family", FAMILIES)
def test_frames_may_touch(family: str) -> None:
    openers = openers_of(family)
    for _, _, row in captures(family, "frames"):
        if row.get("udp") or row.get("settles") or row.get("uncut") or "error" in row or "model" in row:
            continue
        before = [octets(earlier) for earlier in row.get("before", ())]
        twice, _ = hear(openers.connection, [b"".join((*before, octets(row["frame"]), octets(row["frame"])))])
        once, _ = hear(openers.connection, [b"".join(before), octets(row["frame"])])
        counts = [sum(isinstance(event, SignalsReceived) for event in events) for events in (once, twice)]
        own = counts[0] - sum(isinstance(e, SignalsReceived) for e in hear(openers.connection, [b"".join(before)])[0])
        assert counts[1] == counts[0] + own
