"""SIP messages, whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.sip.codec import MAX_HEADERS, parse, serialise
from protocols.sip.messages import Request, Response, every, one

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)
NAMES = st.sampled_from(["via", "from", "to", "call-id", "cseq", "contact", "x-own", "www-authenticate"])
HEADERS = st.lists(st.tuples(NAMES, TEXT), max_size=8).map(tuple)


@settings(max_examples=100)
@given(HEADERS, st.binary(max_size=60), st.sampled_from(["MESSAGE", "REGISTER", "X-own"]))
def test_a_request_is_read_as_it_was_written(headers: tuple[tuple[str, str], ...], body: bytes, method: str) -> None:
    read = parse(serialise(Request(method, "sip:a@b", headers, body)))
    assert isinstance(read, Request)
    assert (read.method, read.uri, read.body, read.said_bytes) == (method, "sip:a@b", body, len(body))
    assert read.headers == (*headers, ("content-length", str(len(body))))


@settings(max_examples=100)
@given(HEADERS, st.binary(max_size=60), st.integers(100, 699))
def test_a_response_is_read_as_it_was_written(headers: tuple[tuple[str, str], ...], body: bytes, status: int) -> None:
    read = parse(serialise(Response(status, "Så här", headers, body)))
    assert isinstance(read, Response)
    assert (read.status, read.reason, read.body) == (status, "Så här", body)


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_remote_fault(raw: bytes) -> None:
    for octets in (raw, b"MESSAGE sip:a SIP/2.0\r\n" + raw, b"SIP/2.0 200 OK\n" + raw):
        try:
            parse(octets)
        except ContentError:
            continue


def test_short_names_folded_lines_and_bare_line_feeds_are_taken() -> None:
    read = parse(b"sip/2.0 200\nv: a\nVIA: b,\n\t c\nl : 2\nnonsense\n\nxyz")
    assert isinstance(read, Response)
    assert every(read, "via") == ["a", "b, c"]
    assert (read.body, read.said_bytes, one(read, "nonsense")) == (b"xy", 2, None)
    assert one(parse(b"SIP/2.0 200 OK\r\nFrom: a\rTo: b\r\n\r\n"), "from") == "a To: b", "or our answer would break"


def test_what_is_not_utf_8_in_a_header_goes_back_as_it_came() -> None:
    raw = b"SIP/2.0 200 OK\r\nFrom: \xe5sa <sip:a@b>\r\nContent-Length: 0\r\n\r\n"
    assert serialise(parse(raw)) == raw


@pytest.mark.parametrize("raw", [b"", b"GET / HTTP/1.1\r\n\r\n", b"SIP/2.0 20 OK\r\n\r\n", b"MESSAGE SIP/2.0\r\n\r\n"])
def test_what_is_no_sip_is_refused(raw: bytes) -> None:
    with pytest.raises(ContentError, match="neither a SIP request nor a response"):
        parse(raw)


def test_too_many_headers_are_refused() -> None:
    with pytest.raises(ContentError, match="more than 200 header lines"):
        parse(b"SIP/2.0 200 OK\r\n" + b"a: b\r\n" * (MAX_HEADERS + 1) + b"\r\n")


def test_a_line_break_in_a_header_is_our_own_bug() -> None:
    with pytest.raises(LocalProtocolError):
        serialise(Request("MESSAGE", "sip:a@b", (("to", "a\r\nVia: b"),)))
