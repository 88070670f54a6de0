"""What stands inside headers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError
from protocols.sip.grammar import Uri, digest_pairs, hosted, parse_named, parse_uri, parse_via, split, values


def test_commas_in_quotes_and_brackets_do_not_split() -> None:
    assert values(['"a, \\"b" <sip:x,y@z>;p=1, <sip:c@d>', " e "]) == ['"a, \\"b" <sip:x,y@z>;p=1', "<sip:c@d>", "e"]
    assert split("a;b", ";") == ["a", "b"]


def test_an_address_in_every_form() -> None:
    assert parse_uri("sip:678@192.0.2.1:5070;transport=tcp") == Uri(
        "sip", "678", "192.0.2.1", 5070, "sip:678@192.0.2.1:5070;transport=tcp"
    )
    assert parse_uri("SIPS:[2001:db8::1]:5061").host == "2001:db8::1"
    assert (parse_uri("sip:a:secret@h").user, parse_uri("sip:h").user) == ("a", "")
    assert hosted("2001:db8::1") == "[2001:db8::1]"
    assert parse_named('"Å; sa" <sip:a@b;x=1>;Tag=t').uri == "sip:a@b;x=1"
    assert parse_named('"Å; sa" <sip:a@b;x=1>;Tag=t').params == {"tag": "t"}
    assert parse_named("sip:a@b;tag=t").uri == "sip:a@b"


@pytest.mark.parametrize("text", ["tel:112233", "sip:", "sip:a@", "sip:a@b:99999", "sip:a@b:x", "sip", "sip:a b"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        parse_uri(text)


@pytest.mark.parametrize("text", ["<sip:a", "", '"a" b'])
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        parse_named(text)


def test_a_via_is_read_with_blanks_where_the_grammar_has_them() -> None:
    via = parse_via('SIP / 2.0 / udp  h.example : 5070 ; Branch = "z9" ; rport')
    assert (via.transport, via.host, via.port, via.params) == (
        "UDP",
        "h.example",
        5070,
        {"branch": "z9", "rport": None},
    )
    with pytest.raises(ContentError):
        parse_via("HTTP/1.1 a")


def test_credentials_are_read_and_other_schemes_are_not() -> None:
    assert digest_pairs('Digest username="a, \\"b\\"",nc=01 , qop=auth') == {
        "username": 'a, "b"',
        "nc": "01",
        "qop": "auth",
    }
    assert digest_pairs("Basic YTpi") is None
    assert digest_pairs('Digest username="a') is None


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_any_text_is_read_or_is_the_senders_fault(text: str) -> None:
    for read in (parse_named, parse_uri, parse_via):
        try:
            read(text)
        except ContentError:
            continue
    digest_pairs(f"Digest {text}")
    values([text])
