"""Requests as values, and what of them is kept."""

from __future__ import annotations

from protocols.conversation import Account
from protocols.http import MAX_SECRETS, HttpRequest, HttpResponse, Proof, for_the_record, prove, secrets_of, wire
from protocols.signal import AccountId


def test_header_names_are_the_same_in_any_case() -> None:
    request = HttpRequest("POST", "/a?b#c", (("CONTENT-type", "Application/JSON; charset=utf-8"),))

    assert request.content_type == "application/json"
    assert request.header("Content-Type") == "Application/JSON; charset=utf-8"
    assert request.header("x") is None
    assert request.query == "b"


def test_the_record_holds_the_request_without_what_proves_its_sender() -> None:
    request = HttpRequest(
        "POST",
        "/osmand/geheim?id=1&secret=geheim&SECRET=geheim#x",
        (("Authorization", "Bearer geheim"),),
        b"secret=geheim&x=1",
    )

    assert for_the_record(request) == b"POST /osmand/***?id=1&secret=***&SECRET=***\nsecret=***&x=1"


def test_the_protocols_own_path_is_no_secret() -> None:
    for path in ("/", "/osmand", "/owntracks/", "/pub"):
        assert secrets_of(HttpRequest("POST", path)) == []
    assert secrets_of(HttpRequest("POST", "/osmand/a%20b")) == ["a b"]


def test_a_flood_of_secrets_is_not_tried_through() -> None:
    request = HttpRequest("POST", "/last", (("Authorization", "Bearer first"),))
    offered = secrets_of(request, [str(n) for n in range(1000)])

    assert len(offered) <= MAX_SECRETS
    assert (offered[0], offered[-1]) == ("first", "last")


def test_a_broken_authorization_offers_nothing() -> None:
    for value in ("", "Basic", "Basic !!!", "Basic YQ==", "Digest x", "Basic \u00e5"):
        assert secrets_of(HttpRequest("POST", "/", (("Authorization", value),))) == []


def test_an_account_without_a_secret_asks_for_none() -> None:
    assert prove(Account(AccountId("1")), []) is Proof.PROVEN
    assert prove(None, ["x"]) is Proof.UNKNOWN_DEVICE
    assert prove(Account(AccountId("1"), secret=b"x" * 32), ["x"]) is Proof.WRONG_SECRET


def test_a_response_is_written_as_a_phone_would_see_it() -> None:
    assert (
        wire(HttpResponse(404, (("A", "b"),), b"[]"))
        == b"HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 2\r\n\r\n[]"
    )
    assert wire(HttpResponse(299)) == b"HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"
