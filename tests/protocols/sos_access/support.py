"""Messages, and bytes that mean harm, for the tests of SOS Access."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from protocols.sos_access.codec import HEADER
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    AlarmType,
    Message,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
)

PASSWORD: Final = "Abc123Def456Ghi"
ALARM: Final = AlarmRequest(
    authentication=PASSWORD, receiver="LARM", transmitter_type="SV300", transmitter_code="4711", event_code="PA"
)
PING: Final = PingRequest(authentication=PASSWORD, transmitter_type="SV300", transmitter_code="4711")

PRINTABLE: Final = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x100))))
INK: Final = "".join(sign for sign in PRINTABLE if not sign.isspace())


def texts(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    """Texts of one line, without blanks at their ends."""
    return st.text(PRINTABLE, min_size=shortest, max_size=longest).filter(lambda text: text == text.strip())


def lines() -> st.SearchStrategy[str]:
    """What additionalinfo may hold."""
    found = st.lists(texts(200), min_size=1, max_size=9).map("\n".join)
    return found.filter(lambda text: text != "None" and text == text.strip())


def maybe(found: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    """Left out now and then."""
    return st.none() | found


WHO: Final = {
    "authentication": st.text(PRINTABLE, min_size=15, max_size=15),
    "transmitter_type": texts(5, 5),
    "transmitter_code": texts(15),
    "reference": maybe(texts(50)),
}
SAID: Final = {
    "status": st.integers(0, 99_999),
    "info": texts(255),
    "reference": maybe(texts(50)),
    "arrival_time": maybe(st.datetimes().map(lambda at: at.isoformat(sep=" ", timespec="milliseconds"))),
}


def messages() -> st.SearchStrategy[Message]:
    """Every message of all six roots that can be written."""
    alarms = st.builds(
        AlarmRequest,
        **WHO,
        receiver=texts(20),
        event_code=texts(25),
        alarm_type=st.none() | st.sampled_from(AlarmType),
        transmitter_time=maybe(st.datetimes().map(lambda at: at.isoformat(sep=" ", timespec="milliseconds"))),
        transmitter_area=maybe(texts(5)),
        section=maybe(texts(5)),
        section_text=maybe(texts(40)),
        detector=maybe(texts(5)),
        detector_text=maybe(texts(40)),
        additional_info=maybe(lines()),
        position=maybe(texts(16, 15)),
    )
    return st.one_of(
        alarms,
        st.builds(PingRequest, **WHO),
        st.builds(NewAuthenticationRequest, **WHO),
        st.builds(AlarmResponse, **SAID),
        st.builds(PingResponse, **SAID),
        st.builds(NewAuthenticationResponse, **SAID, new_authentication=maybe(st.text(INK, min_size=15, max_size=15))),
    )


PIECES: Final = [
    HEADER,
    b"<alarmrequest>",
    b"</alarmrequest>",
    b"<alarmresponse>",
    b"</alarmresponse>",
    b"<status>0</status>",
    b"<status/>",
    b"<info>",
    b"</info>",
    b"<authentication>Abc123Def456Ghi</authentication>",
    b"<a b='>' c=\">\">",
    b"</a>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE a [",
    b"<!ENTITY a 'b'>",
    b"]>",
    b"<?x",
    b"?>",
    b"<",
    b">",
    b"/>",
    b"'",
    b'"',
    b"&lol;",
    b"&#1;",
    b" \r\n",
    b"\xff\x00",
]


def hostile_bytes() -> st.SearchStrategy[bytes]:
    """Bytes that look enough like the protocol to reach every corner of it."""
    pieces = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=24)
    return pieces.map(b"".join)
