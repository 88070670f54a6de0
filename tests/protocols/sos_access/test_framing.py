"""Where a document ends."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import ContentError, FrameTooLong, RemoteProtocolError
from protocols.sos_access.codec import HEADER, serialise
from protocols.sos_access.framing import MAX_DOCUMENT_BYTES, DocumentType, OneDocument
from protocols.sos_access.messages import Message
from tests.protocols.sos_access.support import PING, hostile_bytes, messages

WHOLE = serialise(PING)


@pytest.mark.parametrize(
    "raw",
    [
        b"<a/>",
        b"<a />",
        b"<a></a>",
        b"<a><a></a><b/></a>",
        b"<a b='>' c=\"/>'\"><d e='</a>'/></a>",
        b"<a><!-- </a> <a> > --></a>",
        b"<a><![CDATA[</a>]]></a>",
        b"<?xml version='1.0' encoding='ISO-8859-1' ?>\r\n <a>\xe5</a>",
        b"<?x > ?><!-- <a> --><a>?></a>",
    ],
)
def test_a_document_is_whole_when_its_root_closes_and_not_before(raw: bytes) -> None:
    for end in range(len(raw)):
        assert OneDocument().feed(raw[:end]) is None, raw[:end]
    assert OneDocument().feed(raw + b"<more>") == raw


def test_it_is_returned_once_and_the_rest_of_the_connection_is_dropped() -> None:
    document = OneDocument()
    assert document.feed(WHOLE + b"x") == WHOLE
    assert document.feed(WHOLE) is None


@pytest.mark.parametrize("raw", [b"x<a/>", b"</a>", b"HTTP/1.1 400 Bad Request\r\n", b"<?xml?> \x00<a/>"])
def test_what_can_become_no_document_is_refused_at_once_and_for_good(raw: bytes) -> None:
    document = OneDocument()
    for _ in range(2):
        with pytest.raises(ContentError):
            document.feed(raw)


@pytest.mark.parametrize("raw", [b"<!DOCTYPE a []><a/>", b"<a><!ENTITY b 'c'></a>", b"<!doctype", b"<![IGNORE["])
def test_a_document_that_defines_anything_is_refused(raw: bytes) -> None:
    with pytest.raises(DocumentType):
        OneDocument().feed(raw)


def test_the_longest_document_passes_and_one_byte_more_does_not() -> None:
    frame = b"<a>%s</a>"
    longest = frame % (b"x" * (MAX_DOCUMENT_BYTES - len(frame) + 2))
    assert len(longest) == MAX_DOCUMENT_BYTES
    assert OneDocument().feed(longest) == longest
    with pytest.raises(FrameTooLong):
        OneDocument().feed(frame % (b"x" * (MAX_DOCUMENT_BYTES - len(frame) + 3)))


def outcome(chunks: list[bytes]) -> object:
    """What a stream comes to, however it was cut: documents, or what was raised."""
    document = OneDocument()
    try:
        found = [whole for chunk in chunks if (whole := document.feed(chunk)) is not None]
    except RemoteProtocolError as error:
        return type(error), str(error)
    return found


@given(stream=hostile_bytes(), cuts=st.lists(st.integers(0, 400), max_size=8))
def test_cutting_the_stream_anywhere_changes_nothing(stream: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    assert outcome([stream[start:end] for start, end in pairwise(edges)]) == outcome([stream])


@given(stream=hostile_bytes())
def test_byte_by_byte_is_the_same_as_at_once(stream: bytes) -> None:
    assert outcome([bytes([byte]) for byte in stream]) == outcome([stream])


@given(message=messages())
def test_every_message_of_ours_is_found_whole_byte_by_byte(message: Message) -> None:
    raw = serialise(message)
    assert outcome([bytes([byte]) for byte in raw]) == [raw]


@given(stream=hostile_bytes())
def test_any_bytes_give_a_document_or_a_remote_error(stream: bytes) -> None:
    with suppress(RemoteProtocolError):
        OneDocument().feed(stream)


HOSTILE = {
    "openings": b"<",
    "elements": b"<a>",
    "declarations": b"<!-",
    "comments": b"<a><!-- ",
    "sections": b"<a><![CDATA[]",
    "instructions": b"<a><?x ?",
    "quotes": b"<a b='\"",
    "text": b"<a>x",
    "blanks": b" ",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_the_work_is_linear_and_what_waits_is_bounded(name: str, size: int) -> None:
    stream = (HEADER + HOSTILE[name] * MAX_DOCUMENT_BYTES)[: MAX_DOCUMENT_BYTES + 1]
    began = time.process_time()
    assert isinstance(outcome([stream[start : start + size] for start in range(0, len(stream), size)]), tuple)
    # 100 001 calls take some 0.1 s; quadratic work would take minutes
    assert time.process_time() - began < 5


def test_begun_tells_silence_from_an_answer_that_broke_off() -> None:
    document = OneDocument()
    document.feed(b"\r\n ")
    assert not document.begun
    document.feed(b"<al")
    assert document.begun
