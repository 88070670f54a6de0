"""What the DC-09 tests share: enrolled accounts, a moment, seeded chance, and strategies for messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

from hypothesis import strategies as st

from protocols.conversation import Account, Event, SignalsReceived
from protocols.dc09 import Dc09Conversation
from protocols.dc09.codec import serialise
from protocols.dc09.framing import frame
from protocols.dc09.messages import ADM_CID, NULL, SIA_DCS, XNM, Block, Header, Message
from protocols.signal import AccountId, Signal

NOON = datetime(2026, 1, 2, 12, 0, 5, tzinfo=UTC)
KEY = b"0123456789ABCDEF"
CLEAR = Account(device=AccountId("1234"))
SEALED = Account(device=AccountId("5678"), secret=KEY)


class Enrolled:
    """Accounts in memory."""

    def __init__(self, *accounts: Account) -> None:
        self._accounts = {account.device: account for account in accounts}

    def find(self, device: AccountId) -> Account | None:
        """The account of that name."""
        return self._accounts.get(device)


def draw(count: int) -> bytes:
    """Bytes of chance, the same in each run."""
    return Random(count).randbytes(count)


def conversation(*accounts: Account, **settings: object) -> Dc09Conversation:
    """A receiver that knows 1234 (clear) and 5678 (with a key), or the accounts given."""
    return Dc09Conversation(Enrolled(*(accounts or (CLEAR, SEALED))), draw=draw, **settings)  # type: ignore[arg-type]


def panic(
    account: str = "1234",
    *,
    seq: int = 1,
    data: bytes | None = None,
    at: datetime | None = None,
    key: bytes | None = None,
) -> bytes:
    """A frame with a press of button 7; encrypted and dated NOON if there is a key."""
    sent_at = (NOON if at is None and key else at) and (at or NOON).replace(microsecond=0)
    message = Message(
        name=SIA_DCS,
        header=Header(seq, account=account),
        data=b"#%s|NPA7" % account.encode() if data is None else data,
        sent_at=sent_at,
        encrypted=key is not None,
    )
    return frame(serialise(message, key, draw))


def received(events: Sequence[Event]) -> list[SignalsReceived]:
    """The events that carry signals."""
    return [event for event in events if isinstance(event, SignalsReceived)]


def signals(events: Sequence[Event]) -> list[Signal]:
    """All signals of the events."""
    return [signal for event in received(events) for signal in event.signals]


_HEX = "0123456789ABCDEFabcdef"
_IN_DATA = st.binary(max_size=200).map(lambda raw: bytes(byte for byte in raw if byte not in b"[]\r\n"))


def headers() -> st.SearchStrategy[Header]:
    """Every header that the wire can carry."""
    prefix = st.none() | st.text(_HEX, min_size=1, max_size=6)
    return st.builds(
        Header,
        seq=st.integers(0, 9999),
        receiver=prefix,
        line=prefix | st.just(""),
        account=st.none() | st.text(_HEX, min_size=3, max_size=16),
    )


def moments() -> st.SearchStrategy[datetime]:
    """Whole seconds, UTC."""
    naive = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001 - made aware below
    return naive.map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC))


def messages(*, encrypted: bool) -> st.SearchStrategy[Message]:
    """Every kind of message but NAK, clear or encrypted."""
    names = [SIA_DCS, ADM_CID, NULL, XNM, "ACK", "RSP", "SIA-PUD", *(() if encrypted else ("DUH",))]
    letters = st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="[]\r\n")
    return st.builds(
        Message,
        name=st.sampled_from(names),
        header=headers(),
        data=_IN_DATA,
        blocks=st.lists(st.builds(Block, letters, _IN_DATA), max_size=4).map(tuple),
        sent_at=moments() if encrypted else st.none() | moments(),
        encrypted=st.just(encrypted),
    )


def hostile_bytes() -> st.SearchStrategy[bytes]:
    """Bytes of chance, and frames of sorts: pieces of real ones in any order."""
    marks = [b"\n", b"\r", b"\0", b'"', b"*", b"[", b"]", b"|", b"^", b"#1234", b"#5678", b"L0", b"R1", b"0001", b"K00"]
    names = [b'"SIA-DCS"', b'"*SIA-DCS"', b'"NULL"', b'"ADM-CID"', b'"NAK"', b"_12:00:00,01-02-2026", b"\xff\xfe"]
    wholes = [panic(), panic("5678", key=KEY), b"\n95530020", b"\n8E10003D", b"NPA7", b"1120 01 007"]
    pieces = st.sampled_from([*marks, *names, *wholes])
    return st.lists(pieces | st.binary(max_size=12), max_size=14).map(b"".join)
