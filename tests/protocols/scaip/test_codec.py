"""SCAIP's XML, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.scaip.codec import (
    LONGEST,
    MAX_UNKNOWN,
    Unreadable,
    complaint,
    echoed,
    parse_mrq,
    parse_mrs,
    serialise_mrq,
    serialise_mrs,
)
from protocols.scaip.messages import Mrq, Mrs, Snu

WORDS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\x85")
FIELDS = st.fixed_dictionaries(
    {}, optional={tag: st.text(WORDS, min_size=1, max_size=longest) for tag, longest in LONGEST.items()}
)


@settings(max_examples=150)
@given(FIELDS, st.lists(st.text(WORDS, min_size=1, max_size=20), max_size=3))
def test_a_request_is_read_as_it_was_written(fields: dict[str, str], speech: list[str]) -> None:
    mrq = Mrq(**fields, crd=tuple(speech))  # type: ignore[arg-type]
    assert parse_mrq(serialise_mrq(mrq)) == mrq


def test_a_response_is_read_as_it_was_written() -> None:
    mrs = Mrs(ref="a&b", snu=Snu.HOLD, ste="hej", mre=1, cre=62, tnu=("gsm:1", "sip:a@b"), hbi=1440)
    assert parse_mrs(serialise_mrs(mrs)) == mrs
    assert parse_mrs(b"<scaip><ref>1</ref><snu>77</snu></scaip>") == Mrs(ref="1", snu=Snu.OTHER)


@pytest.mark.parametrize("document", [b"<mrs><ref>1</ref></mrs>", b"<mrs><snu>0</snu></mrs>", b"<x/>", b""])
def test_what_is_no_response_is_refused(document: bytes) -> None:
    with pytest.raises(ContentError):
        parse_mrs(document)


@settings(max_examples=150)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_request_or_a_remote_fault(noise: bytes) -> None:
    for document in (noise, b"<mrq>" + noise + b"</mrq>", b"<mrq><ref>" + noise):
        try:
            complaint(parse_mrq(document))
        except ContentError:
            continue


def test_what_the_tables_find_wrong_is_said_gravest_first() -> None:
    good = Mrq(ref="1", cid="2", dty="3")
    assert complaint(good) is Snu.OK
    assert complaint(Mrq(cid="2", dty="3")) is Snu.REFERENCE_MISSING
    assert complaint(Mrq(ref="1", dty="3")) is Snu.MANDATORY_MISSING
    assert complaint(Mrq(ref="1", cid="2" * 33, dty="3")) is Snu.TOO_LONG
    assert complaint(Mrq(ref="1", cid="2", dty="x")) is Snu.CONTENT
    assert complaint(Mrq(ref="1", cid="2", dty="3", stc="99999")) is Snu.CONTENT


def test_entities_depth_and_floods_of_elements_are_no_documents() -> None:
    for document in (
        b'<!DOCTYPE a [<!ENTITY e "eeee">]><mrq><ref>&e;</ref></mrq>',
        b"<mrq><a><b><c>1</c></b></a></mrq>",
        b"<mrq>" + b"<a/>" * 500 + b"</mrq>",
    ):
        with pytest.raises(Unreadable) as refused:
            parse_mrq(document)
        assert refused.value.snu is Snu.FORMAT


def test_latin_1_is_read_with_a_doubt_whatever_the_header_claims() -> None:
    for header in (b"", b'<?xml version="1.0" encoding="UTF-8"?>'):
        mrq = parse_mrq(header + b"<mrq><ref>1</ref><lte>K\xf6k</lte></mrq>")
        assert (mrq.lte, mrq.doubts) == ("Kök", ("the text is not UTF-8; read as ISO-8859-1",))
    named = parse_mrq(b'<?xml version="1.0" encoding="ISO-8859-1"?><mrq><lte>K\xc3\xb6k</lte></mrq>')
    assert named.lte == "KÃ¶k"


def test_a_torn_document_still_has_its_reference_and_another_root_is_another_thing() -> None:
    with pytest.raises(Unreadable) as torn:
        parse_mrq(b"<mrq><REF> 42 </REF><cid")
    assert (torn.value.ref, torn.value.snu) == ("42", Snu.FORMAT)
    with pytest.raises(Unreadable) as other:
        parse_mrq(b"<isComposing/>")
    assert other.value.snu is Snu.CONTENT


def test_more_than_there_is_room_for_is_kept_as_far_as_it_goes() -> None:
    mrq = parse_mrq(
        b"<mrq>" + b"".join(b"<x%d>1</x%d>" % (n, n) for n in range(40)) + b"<dte>" + b"a" * 400 + b"</dte></mrq>"
    )
    assert len(mrq.unknown) == MAX_UNKNOWN
    assert (len(mrq.dte or ""), mrq.doubts) == (256, ("dte has 400 signs",))
    twice = parse_mrq(b"<mrq><ref>1</ref><ref>2</ref></mrq>")
    assert (twice.ref, twice.unknown) == ("1", (("ref", "2"),))


def test_what_no_unit_would_take_is_our_own_bug() -> None:
    for mrs in (
        Mrs(ref="1", snu=Snu.OK, hbi=0),
        Mrs(ref="1", snu=Snu.OK, ste="å"),
        Mrs(ref="1", snu=Snu.OK, ste="a" * 129),
    ):
        with pytest.raises(LocalProtocolError):
            serialise_mrs(mrs)
    with pytest.raises(LocalProtocolError):
        serialise_mrq(Mrq(ref="1" * 17))


def test_only_a_plain_reference_is_given_back() -> None:
    assert [echoed(ref) for ref in ("A1", None, "a b", "å")] == ["A1", "", "", ""]
