"""What the desk believes a family can be told is what the family's conversation has words for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocols.abilities import ABILITIES, NONE, Abilities
from protocols.errors import LocalProtocolError
from protocols.http import HttpResponse, HttpTakesOrders
from protocols.orders import CallBack, Commission, Locate, Order, Reassure, TakesOrders
from protocols.registry import PROTOCOLS, HttpProtocol, StreamProtocol
from tests.protocols.captured import Enrolled
from tests.protocols.streams import NOW, hear, openers_of

CAPTURES = Path(__file__).parents[1] / "captures"
SETTINGS: dict[str, Commission] = {
    "sos_numbers": Commission(sos_numbers=("0303174060",)),
    "fall_detection": Commission(fall_detection=True),
    # To ring at a fall is said together with looking for falls.
    "fall_calls": Commission(fall_detection=True, fall_calls=True),
    "in_utc": Commission(in_utc=True),
    "report_every_s": Commission(report_every_s=600),
}

WHILE_HELD = {"scaip"}
"""Can be told something only while a unit waits for it: tests/protocols/scaip/test_conversation.py."""


@pytest.mark.parametrize(
    "name",
    sorted(name for name, spoken in PROTOCOLS.items() if isinstance(spoken, StreamProtocol) and name not in WHILE_HELD),
)
def test_what_a_family_can_be_told_is_what_it_has_words_for(name: str) -> None:
    can = ABILITIES.get(name, NONE)
    lines = list(_lines(name))
    if not lines:
        assert can == NONE
        return
    told = [_abilities(line) for line in lines]
    expected = Abilities(
        reassure=can.reassure, locate=can.locate, call_back=can.call_back, commission=can.commission - {"fall_calls"}
    )
    assert expected in told, told[0]


def test_a_phone_is_told_in_the_answer_to_its_request() -> None:
    for name, spoken in PROTOCOLS.items():
        if isinstance(spoken, HttpProtocol):
            conversation, can = spoken.build(Enrolled(everybody=True)), ABILITIES.get(name, NONE)
            if not isinstance(conversation, HttpTakesOrders):
                assert can == NONE, name
                continue
            empty = HttpResponse(200, (), b"[]")
            said = {type(order) for order in _orders() if conversation.with_order(order, empty, NOW) is not None}
            assert said == {Reassure, Locate}, name
            assert (can.reassure, can.locate, can.call_back, can.commission) == (True, True, False, frozenset()), name


def test_a_number_never_goes_where_only_a_datagram_gave_the_name() -> None:
    """Anybody can send one datagram in another's name and hear what comes back; SCAIP has units prove who they are."""
    for name, spoken in PROTOCOLS.items():
        if not isinstance(spoken, StreamProtocol) or name == "scaip":
            continue
        can = ABILITIES.get(name, NONE)
        if openers_of(name).datagram is not None:
            assert not can.call_back, name
            assert "sos_numbers" not in can.commission, name


def test_no_family_is_trusted_to_be_quiet_by_its_papers() -> None:
    assert not any(can.quiet_locate for can in ABILITIES.values())


def test_what_rings_at_a_fall_is_said_where_the_table_says_so() -> None:
    for name, can in ABILITIES.items():
        assert ("fall_calls" in can.commission) <= ("fall_detection" in can.commission), name
    watch = next(_lines("watch"))
    assert list(watch.order(SETTINGS["fall_calls"], NOW)) != list(watch.order(SETTINGS["fall_detection"], NOW))


def _orders() -> tuple[Order, ...]:
    return (Reassure("Hjälp är på väg"), Locate(), CallBack("0303174060"), *SETTINGS.values())


def _abilities(line: TakesOrders) -> Abilities:
    return Abilities(
        reassure=_says(line, Reassure("Hjälp är på väg")),
        locate=_says(line, Locate()),
        call_back=_says(line, CallBack("0303174060")),
        commission=frozenset(
            word for word, setting in SETTINGS.items() if word != "fall_calls" and _says(line, setting)
        ),
    )


def _says(line: TakesOrders, order: Order) -> bool:
    try:
        return bool(line.order(order, NOW))
    except LocalProtocolError:
        return False


def _lines(name: str) -> Iterator[TakesOrders]:
    """Connections of this family on which a device of the captures has said its name."""
    for file in sorted((CAPTURES / name).glob("*.toml")):
        for row in tomllib.loads(file.read_text()).get("frames", []):
            said = row.get("frame", row.get("text"))
            if not isinstance(said, str) or row.get("udp") or "error" in row:
                continue
            chunks = [_raw(one) for one in (*row.get("before", ()), said)]
            _, conversation = hear(openers_of(name).connection, chunks)
            if not isinstance(conversation, TakesOrders):
                return
            if getattr(conversation, "device", None) is not None:
                yield conversation


def _raw(said: str) -> bytes:
    return bytes.fromhex(said.removeprefix("hex:")) if said.startswith("hex:") else said.encode("latin-1")
