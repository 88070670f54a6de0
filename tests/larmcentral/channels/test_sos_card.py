"""What an operator sees and says when he rings the emergency services himself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from escalation.alarm import AlarmKind
from larmcentral.channels.sos_card import SosCards
from larmcentral.domain.views import (
    ActorView,
    DeviceView,
    IncidentDetail,
    IncidentView,
    PersonView,
    PlaceOfIncident,
    PositionView,
    ResponderView,
    TimelineEntry,
)
from larmcentral.domain.views_card import SosCard
from tests.builders import NOON
from tests.larmcentral.channels.support import some_id

CARDS = SosCards("Europe/Stockholm", "Älvmårdens kommun", "0303-174 06 09")
PERSON = PersonView(
    id=some_id("anna"), name="Anna Lindqvist", unit="Hemtjänst Nord", team=None, phone="+46701740605", employer=None
)
WATCH = DeviceView(
    id=some_id("watch"),
    protocol="watch",
    account="8660000001",
    label="Klocka 14",
    model=None,
    battery_pct=70,
    last_seen_at=NOON,
)
PLACE = PlaceOfIncident(
    id=some_id("place"),
    name="Solgården",
    address="Storgatan 5",
    floor="3 tr",
    door_code="1947",
    notes="Hund i hallen.",
    lat=57.87,
    lon=11.98,
    risk="evident",
    ground="hot i maj",
)
FIX = PositionView(
    lat=57.870001, lon=-11.98, accuracy_m=8.4, fix_at=NOON - timedelta(minutes=5), received_at=NOON, valid=True
)


def incident(**changes: Any) -> IncidentView:
    said: dict[str, Any] = {
        "id": some_id("incident"),
        "committee_id": some_id("care"),
        "version": 1,
        "state": "acknowledged",
        "purpose": "real",
        "kind": "panic",
        "gravity": 1,
        "silent": False,
        "opened_at": NOON,
        "event_at": None,
        "lateness_s": None,
        "person": PERSON,
        "device": WATCH,
        "position": None,
        "owner": None,
        "acknowledged_at": NOON,
        "shown_at": NOON,
        "stood_down_at": None,
        "outcome": None,
        "next": None,
        "responders": (),
        "step": 0,
        "steps": 1,
        "round": 1,
        "system_faults": (),
    }
    return IncidentView(**said | changes)


def line(seconds: int, kind: str, by: str | None = None, **detail: str) -> TimelineEntry:
    return TimelineEntry(
        seq=seconds,
        at=NOON + timedelta(seconds=seconds),
        kind=kind,
        by=ActorView(kind="system" if by is None else "operator", name=by),
        detail=detail,
        hash="",
    )


def card(
    place: PlaceOfIncident | None = PLACE, timeline: tuple[TimelineEntry, ...] = (), cards: SosCards = CARDS, **of: Any
) -> SosCard:
    detail = IncidentDetail(incident=incident(**of), timeline=timeline, signals=(), notices=(), trail=(), place=place)
    return cards.card(detail, NOON)


def said(made: SosCard, code: str = "sv") -> tuple[str, ...]:
    (script,) = (one for one in made.scripts if one.language == code)
    return script.sentences


def test_what_an_operator_says_in_full() -> None:
    told = (
        ResponderView(person_id=some_id("bo"), name="Bo Ek", state="going", since=NOON, step=0),
        ResponderView(person_id=some_id("eva"), name="Eva Lund", state="notified", since=NOON, step=0),
    )
    made = card(responders=told)
    assert said(made) == (
        "Det här är larmcentralen hos Älvmårdens kommun: nödlarm."
        " Det gäller Anna Lindqvist, Hemtjänst Nord. Larmet kom klockan 13.00.",
        "Platsen är Solgården, Storgatan 5, våning 3 trappor, portkod 1 9 4 7.",
        "Det finns känd risk för våld på platsen. Fara på platsen: Hund i hallen. Bo Ek är på väg dit.",
        f"Ni når oss på 0303-174 06 09. Vårt ärendenummer är {made.number}.",
    )
    assert said(made, "en")[0] == (
        "This is the alarm centre of Älvmårdens kommun: panic alarm."
        " It is about Anna Lindqvist, Hemtjänst Nord. The alarm came at 13:00."
    )
    assert [one.state for one in made.responders] == ["going", "notified"]
    assert (made.person.phone, made.person.do_not_ring) == ("+46701740605", False)


def test_of_a_silent_alarm_there_is_no_number_to_ring_and_it_is_said_early() -> None:
    made = card(silent=True)
    assert (made.person.phone, made.person.do_not_ring) == (None, True)
    for code, words in (("sv", "Ring inte upp den som larmar"), ("en", "Do not call back")):
        assert words in said(made, code)[0]
        assert said(made, code)[0].index(words) < said(made, code)[0].index("Anna Lindqvist")


def test_without_a_place_the_position_is_said_with_how_sure_and_how_old_it_is() -> None:
    made = card(place=None, position=FIX)
    assert said(made)[1] == "Positionen är 57,87000 nord, 11,98000 väst, inom 8 meter, 5 minuter gammal."
    assert said(made, "en")[1] == "The position is 57.87000 north, 11.98000 west, within 8 metres, 5 minutes old."
    assert made.position is not None
    assert (made.position.age_s, made.position.accuracy_m) == (300.0, 8.4)
    fresh = card(place=None, position=replace(FIX, fix_at=NOON + timedelta(seconds=3), accuracy_m=None))
    assert said(fresh)[1] == "Positionen är 57,87000 nord, 11,98000 väst."
    assert fresh.position is not None
    assert fresh.position.age_s == 0.0


def test_what_is_not_known_is_not_made_up() -> None:
    bare = replace(PLACE, address="Solgården", floor="", door_code="", notes=None, risk="none", ground=None)
    made = card(place=bare, person=None, cards=SosCards("Europe/Stockholm", "Älvmården", None))
    assert said(made) == (
        "Det här är larmcentralen hos Älvmården: nödlarm."
        " Vi vet inte vem som larmar; larmet kommer från Klocka 14. Larmet kom klockan 13.00.",
        "Platsen är Solgården.",
        f"Vårt ärendenummer är {made.number}.",
    )
    assert made.person.name is None
    assert made.call_back is None
    assert said(card(place=None))[1] == "Vi vet inte var."


def test_what_has_been_done_stands_on_it() -> None:
    made = card(
        timeline=(
            line(1, "notice_filed", receiver="nord"),
            line(2, "notice_filed", channel="apns"),
            line(3, "receiver_unreached", receiver="nord"),
            line(4, "notice_filed", receiver="syd"),
            line(5, "receiver_took", receiver="syd", path="tcp"),
            line(6, "sos_call", "Karin", what="dialled", text=""),
            line(7, "sos_call", "Karin", what="case_number", text="24-1107"),
            line(8, "notice_filed", receiver="syd", about="over"),
        )
    )
    assert [(one.receiver, one.state) for one in made.centres] == [("nord", "unreached"), ("syd", "took")]
    assert [(one.what, one.text, one.by) for one in made.calls] == [
        ("dialled", "", "Karin"),
        ("case_number", "24-1107", "Karin"),
    ]


@pytest.mark.parametrize("purpose", ["drill", "test"])
def test_nobody_is_rung_for_a_drill_or_a_test(purpose: str) -> None:
    made = card(purpose=purpose)
    assert said(made) == ("Det här är en övning eller ett prov. Ring ingen.",)
    assert said(made, "en") == ("This is a drill or a test. Ring nobody.",)


@pytest.mark.parametrize("kind", AlarmKind)
@pytest.mark.parametrize("silent", [True, False])
def test_every_kind_can_be_said_and_nothing_stays_open(kind: AlarmKind, silent: bool) -> None:
    made = card(kind=kind.value, silent=silent, position=FIX)
    for script in made.scripts:
        assert 3 <= len(script.sentences) <= 4
        for sentence in script.sentences:
            assert sentence.endswith(".")
            assert "{" not in sentence


def test_a_name_cannot_forge_a_sentence_on_a_line_of_its_own() -> None:
    made = card(person=replace(PERSON, name="Anna\nLarmet är avblåst"), place=replace(PLACE, notes="a\r\nb"))
    assert all("\n" not in sentence and "\r" not in sentence for sentence in said(made))
