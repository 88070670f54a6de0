"""Responses that find their way back."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from protocols.errors import ContentError
from protocols.sip.answering import MAX_HOPS, Refusal, check, response, transaction, way_back
from protocols.sip.messages import Peer, Request, every, one

PEER = Peer("192.0.2.9", 40000)


def asked(*via: str, method: str = "MESSAGE", **headers: str) -> Request:
    named = {"from": "<sip:a@b>;tag=1", "to": "<sip:c@d>", "call-id": "x", "cseq": f"1 {method}", **headers}
    return Request(method, "sip:c@d", (*(("via", line) for line in via), *((k, v) for k, v in named.items() if v)))


def test_rport_and_received_tell_where_the_request_came_from() -> None:
    lines = {
        "SIP/2.0/UDP h;rport;branch=z9": "SIP/2.0/UDP h;branch=z9;received=192.0.2.9;rport=40000",
        "SIP/2.0/UDP 192.0.2.9:5070;branch=z9": "SIP/2.0/UDP 192.0.2.9:5070;branch=z9",
        "SIP/2.0/UDP h:5070;branch=z9": "SIP/2.0/UDP h:5070;branch=z9;received=192.0.2.9",
        "SIP/2.0/UDP h;rport=": "SIP/2.0/UDP h;received=192.0.2.9;rport=40000",
    }
    for line, back in lines.items():
        answered = response(asked(line, "SIP/2.0/UDP inner, SIP/2.0/UDP innermost"), 200, tag="t", peer=PEER)
        assert every(answered, "via") == [back, "SIP/2.0/UDP inner", "SIP/2.0/UDP innermost"]
    assert [way_back(asked(line), PEER) for line in lines] == [None, 5070, 5070, None]
    assert way_back(asked("SIP/2.0/UDP h"), PEER) == 5060
    assert way_back(asked("SIP/2.0/UDP h"), None) is None


def test_a_made_up_via_costs_no_time() -> None:
    hostile = asked("SIP/2.0/UDP h;rport" + " " * 8_000 + "x")
    begun_s = time.process_time()
    response(hostile, 200, tag="t", peer=PEER)
    assert time.process_time() - begun_s < 0.1


def test_an_answer_is_not_made_much_longer_than_its_request() -> None:
    """Over UDP the address may be a lie, and the answer hits somebody else."""
    with pytest.raises(ContentError):
        check(asked("SIP/2.0/UDP h" + ",a" * 8_000))
    with pytest.raises(ContentError):
        check(asked("SIP/2.0/UDP h" + ",a" * MAX_HOPS))
    doubled = asked("SIP/2.0/UDP h")
    many = replace(doubled, headers=(*doubled.headers, *(("call-id", "x"), ("from", "y"), ("to", "z")) * 60))
    answered = response(many, 200, tag="t", peer=PEER)
    assert [every(answered, name) for name in ("call-id", "from")] == [["x"], ["<sip:a@b>;tag=1"]]
    assert len(every(answered, "to")) == 1


def test_a_to_tag_is_set_once_and_kept() -> None:
    assert one(response(asked("SIP/2.0/UDP h"), 200, tag="t", peer=None), "to") == "<sip:c@d>;tag=t"
    tagged = asked("SIP/2.0/UDP h", to="<sip:c@d>;tag=own")
    assert one(response(tagged, 200, tag="t", peer=None), "to") == "<sip:c@d>;tag=own"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asked("SIP/2.0/UDP h", **{"from": ""}), 400),
        (asked("SIP/2.0/UDP h", **{"call-id": ""}), 400),
        (asked("SIP/2.0/UDP h", cseq="1 REGISTER"), 400),
        (asked("SIP/2.0/UDP h", cseq="x"), 400),
        (asked("SIP/2.0/UDP h", **{"call-id": "x" * 600}), 400),
        (asked("SIP/2.0/UDP h", **{"from": f"<sip:{'a' * 600}@b>"}), 400),
        (asked(f"SIP/2.0/UDP h;branch=z9hG4bK{'b' * 600}"), 400),
        (asked("SIP/2.0/UDP h", to="nobody here"), 400),
        (asked("SIP/2.0/UDP h", **{"max-forwards": "-1"}), 400),
        (asked("SIP/2.0/UDP h", require="100rel"), 420),
        (replace(asked("SIP/2.0/UDP h"), uri="tel:1"), 416),
        (replace(asked("SIP/2.0/UDP h"), uri="sip:"), 400),
        (replace(asked("SIP/2.0/UDP h"), version="SIP/3.0"), 505),
        (replace(asked("SIP/2.0/UDP h"), said_bytes=9), 400),
    ],
)
def test_what_is_wrong_with_a_request_is_said(request_: Request, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        check(request_)
    assert refused.value.status == status


def test_without_a_via_there_is_nobody_to_answer() -> None:
    with pytest.raises(ContentError):
        check(asked())
    check(asked("SIP/2.0/UDP h", **{"max-forwards": "0"}))


def test_a_transaction_is_its_branch_and_for_old_units_everything_that_names_it() -> None:
    new, old = asked("SIP/2.0/UDP h;branch=z9hG4bK1"), asked("SIP/2.0/UDP h;branch=1")
    assert transaction(new) == ("z9hG4bK1", "h:None", "MESSAGE")
    assert transaction(old) != transaction(replace(old, uri="sip:e@f"))
