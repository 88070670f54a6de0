"""Google's checks, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devices.peers.google import CODES, complaint, refusal, token_refusal, too_big

GOOD: dict[str, Any] = {
    "token": "t",
    "data": {"notice_id": "n"},
    "notification": {"title": "T"},
    "android": {"priority": "HIGH", "ttl": "60s"},
}


def test_a_good_message_passes() -> None:
    assert complaint({"message": GOOD}) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"token": ""},
        {"token": 7},
        {"topic": "news"},
        {"data": {"a": 1}},
        {"data": {"from": "x"}},
        {"data": {"google.x": "x"}},
        {"android": {"priority": "LOUD"}},
        {"android": {"ttl": "60"}},
    ],
)
def test_a_bad_one_is_an_invalid_argument(changes: dict[str, Any]) -> None:
    refused = complaint({"message": GOOD | changes})

    assert refused is not None
    assert (refused.status, refused.word) == (400, "INVALID_ARGUMENT")


def test_what_is_too_big() -> None:
    assert too_big({"data": {"a": "x" * 4096}})
    assert not too_big({"data": {"a": "x" * 4000}, "notification": None})


@pytest.mark.parametrize("read", [None, [], {}, {"message": 7}, {"message": {}}])
def test_what_is_no_message_is_an_invalid_argument(read: Any) -> None:
    refused = complaint(read)

    assert refused is not None
    assert refused.status == 400


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_googles_form(code: str) -> None:
    error = json.loads(refusal(code).body)["error"]

    assert error["code"] == CODES[code][0]
    assert error["details"] == [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}]


def test_a_refused_bearer_says_why_in_googles_form() -> None:
    error = json.loads(token_refusal("ACCESS_TOKEN_EXPIRED").body)["error"]

    assert (error["status"], error["details"][0]["reason"]) == ("UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")
