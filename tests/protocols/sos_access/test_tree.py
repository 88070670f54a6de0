"""The XML of a document, and what it may not do."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given

from protocols.errors import ContentError
from protocols.sos_access.tree import Tree, read_tree
from tests.protocols.sos_access.support import hostile_bytes


def test_leaves_come_in_order_with_their_paths_and_whoever_has_children_is_none() -> None:
    raw = (
        b'<?xml version="1.0" encoding="iso-8859-1"?><r>x<a>1</a><position> <pos>2</pos></position><c/><a>3\xe5</a></r>'
    )
    assert read_tree(raw) == Tree("r", "ISO-8859-1", (("a", "1"), ("position/pos", "2"), ("c", ""), ("a", "3å")))


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        (b"<?xml version='1.0' encoding='utf-8'?><r><a>\xc3\xa5</a></r>", "UTF-8", "å"),
        (b"<?xml version='1.0' encoding='windows-1252'?><r><a>\xe5</a></r>", "WINDOWS-1252", "å"),
        (b"<?xml version='1.0'?><r><a>\xe5</a></r>", None, "å"),
        (b"\r\n<r><a>\xe5</a></r>", None, "å"),
    ],
)
def test_the_encoding_is_as_the_header_says_or_the_protocols(raw: bytes, encoding: str | None, text: str) -> None:
    assert read_tree(raw) == Tree("r", encoding, (("a", text),))


LAUGHS = b"<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><r>&b;</r>"


@pytest.mark.parametrize(
    "raw",
    [
        LAUGHS,
        b"<!DOCTYPE r SYSTEM 'file:///etc/hostname'><r/>",
        b"<r>&larm;</r>",
        b"<r><a></r>",
        b"<r/><r/>",
        b"<r><a><b><c/></b></a></r>",
        b"<r>" + b"<a/>" * 200 + b"</r>",
        b"<r>\x00</r>",
        b"<?xml version='1.0' encoding='utf-8'?><r>\xe5</r>",
        b"",
    ],
)
def test_what_is_broken_too_deep_or_defines_anything_is_refused(raw: bytes) -> None:
    with pytest.raises(ContentError):
        read_tree(raw)


@given(raw=hostile_bytes())
def test_any_bytes_give_a_tree_or_a_remote_error(raw: bytes) -> None:
    with suppress(ContentError):
        read_tree(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"<?xml " + b" " * 99_000 + b"?><r/>",
        b"<?xml " + b"encoding=" * 11_000 + b"?><r/>",
        b"<r " + b" ".join(b"a%d=''" % number for number in range(9_000)) + b"/>",
        b"<r>" + b"&amp;" * 19_000 + b"</r>",
        b"<r>" + b"x\r\n" * 33_000 + b"</r>",
        b"<r>" + b"<a>" * 33_000,
    ],
)
def test_the_longest_documents_are_read_in_no_time(raw: bytes) -> None:
    began = time.process_time()
    with suppress(ContentError):
        read_tree(raw)
    assert time.process_time() - began < 2
