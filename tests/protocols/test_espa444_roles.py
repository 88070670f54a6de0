"""One call, word by word, from both ends."""

from __future__ import annotations

import pytest

from protocols.errors import LocalProtocolError
from protocols.espa444 import ACK, EOT, NAK, Block, Call, Damaged, Over, serialise
from protocols.espa444_roles import Caller, Ended, Outcome, Polled, Say, Selected, Station

BLOCK = serialise(Call(address="550", text=b"HELP"))
SELECT = b"1\x052\x05"


def test_a_call_that_is_taken() -> None:
    caller = Caller()

    assert caller.begin(BLOCK) == SELECT
    assert caller.receive(ACK) == (Say(BLOCK),)
    assert caller.block_is_out is True
    assert caller.receive(ACK) == (Say(EOT), Ended(Outcome.TAKEN))
    assert bool(caller.block_is_out) is False
    assert caller.begin(BLOCK) == SELECT


def test_a_look_selects_and_leaves() -> None:
    caller = Caller()
    caller.begin(None)

    assert caller.receive(ACK) == (Say(EOT), Ended(Outcome.TAKEN))


@pytest.mark.parametrize(("no", "why"), [(NAK, ""), (b"2" + NAK, "2")])
def test_an_exchange_that_is_not_ready_is_asked_once_more(no: bytes, why: str) -> None:
    caller = Caller()
    caller.begin(BLOCK)

    assert caller.receive(no) == (Say(EOT + SELECT),)
    assert caller.receive(no) == (Say(EOT), Ended(Outcome.NOT_READY, why))


def test_a_selection_that_is_taken_for_a_poll_is_said_once_more() -> None:
    caller = Caller()
    caller.begin(BLOCK)

    assert caller.receive(EOT) == (Say(SELECT),)
    assert caller.receive(ACK) == (Say(BLOCK),)


def test_a_block_that_is_refused_is_said_once_more() -> None:
    caller = Caller()
    caller.begin(BLOCK)
    caller.receive(ACK)

    assert caller.receive(b"1" + NAK) == (Say(BLOCK),)
    assert caller.receive(b"3" + NAK) == (Say(EOT), Ended(Outcome.NOT_TAKEN, "3"))


def test_a_block_that_is_refused_once_is_taken() -> None:
    caller = Caller()
    caller.begin(BLOCK)
    caller.receive(NAK)
    caller.receive(ACK)
    caller.receive(b"1" + NAK)

    assert caller.receive(ACK) == (Say(EOT), Ended(Outcome.TAKEN))


def test_an_exchange_that_breaks_off_has_not_taken_it() -> None:
    caller = Caller()
    caller.begin(BLOCK)
    caller.receive(ACK)

    assert caller.receive(EOT) == (Say(EOT), Ended(Outcome.NOT_TAKEN, "EOT"))


def test_a_doubled_ack_does_not_pass_for_the_next_one() -> None:
    caller = Caller()
    caller.begin(BLOCK)

    assert caller.receive(ACK + ACK) == (Say(BLOCK),)
    assert caller.receive(b"") == ()
    assert caller.receive(ACK + ACK + b"2") == (Say(EOT), Ended(Outcome.TAKEN))
    assert caller.receive(ACK) == ()


def test_a_poll_hears_that_we_have_nothing_to_say() -> None:
    caller = Caller()

    assert caller.receive(b"2\x051\x05") == (Say(EOT),)
    caller.begin(BLOCK)
    assert caller.receive(b"1\x05") == ()
    assert caller.receive(ACK) == (Say(BLOCK),)


def test_one_call_at_a_time() -> None:
    caller = Caller()
    caller.begin(BLOCK)

    with pytest.raises(LocalProtocolError):
        caller.begin(BLOCK)


def test_a_station_knows_a_selection_from_a_poll() -> None:
    station = Station()

    assert station.receive(b"2\x05") == [Polled()]
    assert station.receive(EOT + SELECT) == [Over(), Selected()]
    (block,) = station.receive(BLOCK)
    assert isinstance(block, Block)
    assert block.record("1") == b"550"
    assert station.receive(EOT + b"2\x05") == [Over(), Polled()]
    assert isinstance(station.receive(BLOCK[:-1] + b"?")[0], Damaged)
