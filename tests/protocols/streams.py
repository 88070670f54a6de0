"""What holds for every family's connection, whatever bytes come: used by each family's own tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from protocols.conversation import Conversation, Event, Fault, SignalsReceived
from protocols.errors import RemoteProtocolError
from protocols.openers import Open, Openers
from protocols.pieces import Framer
from protocols.registry import StreamProtocol, protocol
from tests.protocols.captured import Enrolled

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
"""Three seconds after the T0 of facts/wearable-frames.md."""


def openers_of(name: str, accounts: Enrolled | None = None) -> Openers:
    """Return how a receiver of this protocol begins; everybody is enrolled unless accounts say otherwise."""
    spoken = protocol(name)
    assert isinstance(spoken, StreamProtocol)
    return spoken.listen(accounts or Enrolled(everybody=True), lambda count: bytes(count))


def said(events: Sequence[Event]) -> list[object]:
    """Return what the events say, without tokens: how the stream was cut may not change it."""
    return [
        (event.signals, event.raw) if isinstance(event, SignalsReceived) else
        (type(event.error), event.raw, event.close) if isinstance(event, Fault) else event
        for event in events
    ]  # fmt: skip


def hear(open_: Open, chunks: Sequence[bytes], now: datetime = NOW) -> tuple[list[Event], Conversation]:
    """Feed the chunks to a new conversation; return all its events, and itself."""
    conversation = open_(now)
    events = [event for chunk in chunks for event in conversation.receive(chunk, now)]
    return events, conversation


def replies(events: Sequence[Event], conversation: Conversation, now: datetime = NOW) -> bytes:
    """Ack everything; return all that leaves, in order."""
    answers = []
    for event in events:
        if isinstance(event, SignalsReceived) and event.token is not None:
            answers.append(conversation.ack(event.token, now))
        elif not isinstance(event, SignalsReceived):
            answers.append(getattr(event, "data", b""))
    return b"".join(answers)


def check_cut_anywhere(open_: Open, stream: bytes) -> None:
    """Whole, byte by byte, and cut in two at every place, a stream says the same."""
    whole, _ = hear(open_, [stream])
    assert said(hear(open_, [stream[at : at + 1] for at in range(len(stream))])[0]) == said(whole)
    for at in range(1, len(stream)):
        assert said(hear(open_, [stream[:at], stream[at:]])[0]) == said(whole), f"cut at {at}"


def check_survives(open_: Open, chunks: Sequence[bytes], limit_bytes: int, now: datetime = NOW) -> None:
    """Whatever comes, only signals and remote faults come out; memory stays within the limit; answers can be given."""
    conversation = open_(now)
    for chunk in chunks:
        for event in conversation.receive(chunk, now):
            if isinstance(event, Fault):
                assert isinstance(event.error, RemoteProtocolError)
            if isinstance(event, SignalsReceived) and event.token is not None:
                assert isinstance(conversation.ack(event.token, now), bytes)
        assert getattr(conversation, "pending_bytes", 0) <= limit_bytes
    due_at = conversation.next_deadline()
    if due_at is not None:
        conversation.deadline_passed(due_at)


def steps_of(framer: Framer, stream: bytes, chunk_bytes: int = 512) -> int:
    """Count the lines of Python that run: a measure of work that no busy machine can change."""
    steps = 0

    def count(frame: object, event: str, arg: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        for start in range(0, len(stream), chunk_bytes):
            framer.receive(stream[start : start + chunk_bytes])
    finally:
        sys.settrace(before)
    return steps


def check_linear(make: Callable[[], Framer], hostile: Callable[[int], bytes]) -> None:
    """Twice the bytes are at most twice the work."""
    small, large = (steps_of(make(), hostile(size)) for size in (20_000, 40_000))
    assert large <= small * 2.1 + 50
