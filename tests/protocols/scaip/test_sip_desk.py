"""SIP that needs no one's word, and connections that end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from protocols.conversation import Close, Fault
from protocols.scaip.messages import Mrq
from protocols.scaip.sip_desk import MAX_BROKEN, masked
from protocols.sip import transactions
from protocols.sip.messages import Peer
from tests.protocols.scaip.support import NOW, OPEN, PROVEN, Wire, status_of, unit


def asked(method: str, *more: str, branch: str = "z9hG4bK1", via: str = "SIP/2.0/TCP h") -> bytes:
    lines = [
        f"{method} sip:larm@h SIP/2.0", f"Via: {via};branch={branch}", "From: <sip:678@h>;tag=a", "To: <sip:larm@h>",
        "Call-ID: c", f"CSeq: 1 {method}", *more, "Content-Length: 0",
    ]  # fmt: skip
    return "\r\n".join((*lines, "", "")).encode()


@pytest.mark.parametrize(
    ("method", "status", "line"),
    [
        ("OPTIONS", 200, b"Allow: MESSAGE, REGISTER, OPTIONS, CANCEL, BYE"),
        ("INVITE", 488, b'Warning: 399 larmcentral "No voice here: ring the number you were given"'),
        ("CANCEL", 481, b""),
        ("BYE", 481, b""),
        ("SUBSCRIBE", 489, b""),
        ("INFO", 405, b"Allow: "),
        ("DANCE", 501, b"Allow: "),
        ("MESSAGE", 415, b"Accept: application/scaip+xml"),
    ],
)
def test_each_method_has_its_answer(method: str, status: int, line: bytes) -> None:
    (answer,) = Wire(OPEN).send(asked(method))
    assert status_of(answer) == status
    assert line in answer


def test_an_ack_is_never_answered_and_a_cancel_finds_what_it_cancels() -> None:
    wire = Wire(OPEN, transport="UDP")
    assert wire.send(asked("ACK")) == []
    assert [status_of(out) for out in wire.send(asked("INVITE"), asked("CANCEL"))] == [488, 200]


def test_a_broken_request_is_told_so_and_a_broken_response_is_not() -> None:
    wire = Wire(OPEN)
    assert [status_of(out) for out in wire.send(asked("OPTIONS").replace(b"CSeq: 1", b"CSeq: x"))] == [400]
    assert wire.send(asked("OPTIONS").replace(b"Via:", b"Vai:")) == []
    assert wire.send(b"SIP/2.0 200 OK\r\nl: 0\r\n\r\n") == []
    assert wire.faults == ["CSeq does not fit the method", "a Via that is none"]


def test_a_registration_for_nobody_is_refused() -> None:
    wire = Wire(OPEN)
    register = asked("REGISTER", "Contact: <sip:a@b>").replace(b"To: <sip:larm@h>", b"To: <tel:1>")
    assert [status_of(out) for out in wire.send(register)] == [400]
    assert [status_of(out) for out in wire.send(asked("REGISTER", "Contact: <sip:a@b>"))] == [401], "larm is no unit"


def test_a_registration_with_a_wrong_password_is_a_security_event_and_binds_nothing() -> None:
    wire, device = Wire(PROVEN), unit(b"fel")
    wire.talk(device, device.register())
    assert wire.faults == ["a registration with a wrong password"]
    assert len(wire.centre.registrar) == 0


def test_garbage_ends_a_stream_and_not_the_memory_of_an_address() -> None:
    stream, datagrams = Wire(OPEN), Wire(OPEN, transport="UDP")
    stream.send(b"\x16\x03\x01\x02")
    (fault,) = stream.events
    assert isinstance(fault, Fault)
    assert fault.close
    assert stream.send(asked("OPTIONS")) == []
    assert stream.conversation.next_deadline() is None
    noise = [b"\x16\x03"] * MAX_BROKEN
    assert [status_of(out) for out in datagrams.send(*noise, b"\r\n\r\n", asked("OPTIONS"))] == [200]


def test_so_much_nonsense_in_a_row_ends_it() -> None:
    wire = Wire(OPEN)
    wire.send(*[b"NONSENSE a\r\n\r\n"] * MAX_BROKEN)
    assert [event.close for event in wire.events if isinstance(event, Fault)] == [False] * (MAX_BROKEN - 1) + [True]


def test_what_follows_in_the_same_chunk_says_nothing_more_once_the_stream_is_ended() -> None:
    wire = Wire(OPEN)
    wire.send(b"NONSENSE a\r\n\r\n" * MAX_BROKEN + b"\r\n\r\n" + asked("OPTIONS") + b"\x16\x03\x01\x02")
    assert [event.close for event in wire.events if isinstance(event, Fault)] == [False] * (MAX_BROKEN - 1) + [True]
    assert isinstance(wire.events[-1], Fault)


def test_a_silent_connection_is_closed_but_not_while_a_registration_stands() -> None:
    wire, device = Wire(OPEN), unit()
    assert wire.conversation.next_deadline() == NOW + timedelta(minutes=10)
    wire.talk(device, device.register(expires_s=1800))
    due_at = wire.conversation.next_deadline()
    assert due_at == NOW + timedelta(minutes=30)
    assert wire.conversation.deadline_passed(NOW) == ()
    assert wire.conversation.deadline_passed(due_at) == [Close("idle")]


def test_a_message_that_never_ends_is_given_up() -> None:
    wire = Wire(OPEN)
    wire.send(asked("OPTIONS")[:-6])
    assert wire.conversation.pending_bytes == len(asked("OPTIONS")) - 6
    due_at = wire.conversation.next_deadline()
    assert due_at == NOW + timedelta(seconds=32)
    (fault,) = wire.conversation.deadline_passed(due_at)
    assert isinstance(fault, Fault)
    assert fault.close


def test_a_refused_answer_of_ours_is_counted() -> None:
    wire = Wire(OPEN)
    _, message = wire.send(unit().tell(Mrq(ref="1", cid="678", dty="3")))
    head = message.split(b"\r\n")
    kept = [line for line in head if line.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")]
    wire.send(b"\r\n".join([b"SIP/2.0 404 Not Found", *kept, b"Content-Length: 0", b"", b""]))
    assert wire.faults == ["an answer of ours was refused with 404"]


def test_what_proves_a_password_is_not_kept() -> None:
    raw = asked("OPTIONS", 'Authorization: Digest response="x"', "proxy-authorization: y")
    assert masked(raw).count(b": ***\r\n") == 2
    assert b"Digest" not in masked(raw)
    bare = raw.replace(b"\r\n", b"\n")
    assert (b"Digest" in bare, b"Digest" in masked(bare)) == (True, False), "line ends as some units have them"
    folded = asked("OPTIONS", 'Authorization: Digest username="678",\r\n response="x",\r\n\tnonce="y"', "X: z")
    assert [word in masked(folded) for word in (b"response", b"nonce", b"X: z")] == [False, False, True]
    with_body = raw + b"Authorization: words of the body\n"
    assert masked(with_body).endswith(b"\r\n\r\nAuthorization: words of the body\n")


def test_line_ends_before_a_datagrams_message_are_passed_over() -> None:
    wire, device = Wire(OPEN, transport="UDP"), unit(transport="UDP")
    said = b"\r\n\r\n" + device.tell(Mrq(ref="1", cid="678", dty="3"))
    assert [out[:11] for out in wire.send(said)] == [b"SIP/2.0 200", b"MESSAGE sip"]


def test_what_all_addresses_together_are_remembered_for_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are free over UDP: a limit for each of them is none."""
    monkeypatch.setattr(transactions, "MAX_TRANSACTIONS", 50)
    first = Wire(OPEN, transport="UDP")
    for number in range(20):
        wire = Wire(OPEN, transport="UDP", centre=first.centre)
        wire.conversation.met(Peer("127.0.0.1", 41_000 + number))
        same = [asked("OPTIONS", branch=f"z9hG4bK{each}") for each in range(10)]
        assert [status_of(out) for out in wire.send(*same)] == [200] * 10
    assert len(first.centre.served) == 50
