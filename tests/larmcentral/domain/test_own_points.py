"""The wearer's own addresses, however they are written."""

from __future__ import annotations

import json

import pytest

from escalation.effects import About
from larmcentral.domain.own_points import WEARERS_OWN_POINT, withheld


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("+46701740605", "+46701740605"),
        ("+46701740605", "070-174 06 05"),
        ("+46701740605", "0046 70 174 06 05"),
        ("+46701740605", "+46 (0)70-174 06 05"),
        ("+46701740605", " 0701740605 "),
        ("anna-token", "anna-token"),
        ("anna@larm.example", "Anna@Larm.example"),
        ("4711", "4711"),
        (
            json.dumps({"endpoint": "https://push.example/a", "keys": {"auth": "x", "p256dh": "y"}}),
            json.dumps({"keys": {"p256dh": "y", "auth": "x"}, "endpoint": "https://push.example/a"}),
        ),
    ],
)
def test_an_address_of_the_wearers_is_known_however_it_is_written(address: str, own: str) -> None:
    assert withheld(About.ALARM, address, [None, "+46700000000", own]) == WEARERS_OWN_POINT


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("+46701740605", "+46701740606"),
        ("+46701740605", "+47701740605"),
        ("anna-token", "bo-token"),
        ("{broken", '{"endpoint": "https://push.example/a"}'),
        ("[1]", '{"endpoint": "https://push.example/a"}'),
    ],
)
def test_another_address_is_another_persons(address: str, own: str) -> None:
    assert withheld(About.ALARM, address, [own]) == ""


def test_an_alarm_that_is_not_silent_may_go_anywhere() -> None:
    assert withheld(About.ALARM, "anna-token", None) == ""


def test_that_somebody_took_it_is_told_to_her_app_without_a_word() -> None:
    assert withheld(About.TAKEN, "anna-token", ["anna-token"]) == ""


def test_nothing_is_compared_with_no_address_and_no_number() -> None:
    assert withheld(About.ALARM, "", ["", None]) == ""
