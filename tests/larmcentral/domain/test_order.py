"""What people may ask of devices."""

from __future__ import annotations

import pytest

from larmcentral.domain.device import DownlinkKind
from larmcentral.domain.order import (
    GOOD_FOR,
    NumberFault,
    NumberRefused,
    asks_anything,
    by_hand,
    complaint,
    dialled,
    locates_quietly,
    said_of,
)
from protocols.abilities import ABILITIES
from protocols.orders import Commission

# Built, so that nothing here holds the number that nothing of ours may dial.
EMERGENCY = str(56 + 56)


@pytest.mark.parametrize(
    "number",
    [
        EMERGENCY,
        f" {EMERGENCY[0]}-{EMERGENCY[1:]} ",
        f"0{EMERGENCY}",
        f"00{EMERGENCY}",
        f"+46{EMERGENCY}",
        f"0046{EMERGENCY}",
        f"+46 (0) {EMERGENCY}",
        f"00000000{EMERGENCY}",
        "911",
        "999",
        "11414",
        "+4611414",
        "004611414",
        f"+358{EMERGENCY}",
        f"00358{EMERGENCY}",
        f"+47 {EMERGENCY}",
        f"0045-{EMERGENCY}",
        "+1911",
        "1177",
    ],
)
def test_no_device_is_given_an_emergency_number_however_it_is_written(number: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        dialled(number)
    assert refused.value.fault is NumberFault.EMERGENCY
    assert number.strip() not in str(refused.value)


@pytest.mark.parametrize("number", ["", "abc", "90000", "*31#", "0701740601,1", "+0701740601", "1" * 16, "070174060١"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        dialled(number)
    assert refused.value.fault is NumberFault.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+46 70-174 06 01", "+46701740601"),
        ("0303-174 060", "0303174060"),
        ("(0303) 174060", "0303174060"),
        ("0046701740601", "0046701740601"),
        ("011-241234", "011241234"),
        ("0303-11313", "030311313"),
        ("08-1177 00", "08117700"),
    ],
)
def test_numbers_are_taken_as_people_write_them(written: str, number: str) -> None:
    assert dialled(written) == number


def test_nothing_is_asked_of_a_silent_device_that_nobody_has_tried() -> None:
    for protocol in ABILITIES:
        for kind in DownlinkKind:
            assert complaint(kind, protocol, silent=True) is not None, (protocol, kind)


def test_where_a_silent_device_is_may_be_asked_once_an_administrator_has_tried_it_and_nothing_else() -> None:
    for protocol, can in ABILITIES.items():
        for kind in DownlinkKind:
            may = kind is DownlinkKind.LOCATE and can.locate
            assert (complaint(kind, protocol, silent=True, quiet=True) is None) == may, (protocol, kind)
    assert complaint(DownlinkKind.LOCATE, "gt06", silent=False) is None
    assert complaint(DownlinkKind.LOCATE, "gt06", silent=True) == "locate_may_show"
    assert complaint(DownlinkKind.LOCATE, "dc09", silent=True, quiet=True) == "device_has_no_words"


@pytest.mark.parametrize(
    ("options", "tried", "quiet"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"quiet_locate": "On "}, False, True),
        ({"quiet_locate": "off"}, False, False),
    ],
)
def test_it_is_the_devices_option_or_its_sheet_that_says_that_nothing_shows(
    options: dict[str, str], tried: bool, quiet: bool
) -> None:
    assert locates_quietly("watch", options, tried=tried) is quiet


def test_what_a_family_has_no_words_for_is_refused_for_that() -> None:
    for kind in DownlinkKind:
        assert complaint(kind, "dc09", silent=False) == "device_has_no_words"


def test_settings_are_parted_into_what_is_said_and_what_is_set_by_hand() -> None:
    settings = Commission(sos_numbers=("0303174060",), fall_detection=True, in_utc=True)
    assert said_of(settings, "gt06") == Commission(sos_numbers=("0303174060",), in_utc=True)
    assert by_hand(settings, "gt06") == ("fall_detection",)
    assert by_hand(settings, "dc09") == ("sos_numbers", "fall_detection", "in_utc")
    assert not asks_anything(said_of(settings, "dc09"))


def test_every_kind_of_words_is_worth_something_for_a_while() -> None:
    assert GOOD_FOR.keys() == set(DownlinkKind)
