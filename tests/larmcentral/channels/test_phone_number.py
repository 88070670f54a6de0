"""Only subscribers' numbers pass."""

from __future__ import annotations

import pytest

from larmcentral.channels.phone_number import NumberRefused, textable
from tests.larmcentral.channels.support import NUMBER

EMERGENCY = str(56 + 56)  # built, so that the number itself stands nowhere


@pytest.mark.parametrize("number", [NUMBER, "+4790000000", "+3545550000", "+358401234567", "+12025550123"])
def test_a_subscriber_passes_unchanged(number: str) -> None:
    assert textable(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        EMERGENCY,
        "+46" + EMERGENCY,
        "+" + EMERGENCY,
        "911",
        "+1911",
        "11414",
        "+4611414",
        "1177",
        "+461177",
        "90000",
        "0700000017",
        "0046700000017",
        "+0700000017",
        "+46700",
        "+46 70 000 00 17",
        "+460700000017",
        "+4670000001712345",
        "+46700000017\n",
        "+4670000001७",
        "larm",
    ],
)
def test_anything_else_is_refused_without_repeating_it(number: str) -> None:
    with pytest.raises(NumberRefused) as caught:
        textable(number)

    assert not number or number not in str(caught.value)
