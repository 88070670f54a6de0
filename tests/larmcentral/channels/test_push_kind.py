"""What a push is on a phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from larmcentral.channels.push_kind import answer_key, critical, in_background, place_on_screen
from tests.larmcentral.channels.support import in_house, some_id, text

INCIDENT = str(some_id("incident"))


@pytest.mark.parametrize("about", list(About))
def test_only_the_taken_of_a_silent_alarm_goes_in_the_background(about: About) -> None:
    assert in_background(in_house(words=text(about=about, silent=True))) is (about is About.TAKEN)
    assert not in_background(in_house(words=text(about=about)))


@pytest.mark.parametrize(("detail", "hidden"), [("true", True), ("false", False)])
def test_the_countdown_to_a_silent_alarm_goes_in_the_background(detail: str, hidden: bool) -> None:
    words = text(about=About.PRE_ALARM, detail=(("kind", "fall"), ("silent", detail)))
    assert in_background(replace(in_house(words=words), incident_id=None)) is hidden


def test_news_of_a_panic_is_not_critical() -> None:
    assert critical(in_house(words=text(kind=AlarmKind.PANIC)))
    assert not critical(in_house(words=text(kind=AlarmKind.PANIC, about=About.OVER)))
    assert not critical(in_house(words=text(kind=AlarmKind.FALL)))


@pytest.mark.parametrize(
    ("about", "place"),
    [
        (About.ALARM, INCIDENT),
        (About.RELEASED, INCIDENT),
        (About.OVER, INCIDENT),
        (About.GOING, f"{INCIDENT}/going"),
        (About.POINT_GONE, f"{INCIDENT}/point_gone"),
        (About.MESSAGE, f"message/{some_id('notice')}"),
    ],
)
def test_an_alarm_stays_on_the_screen_until_it_is_over_for_its_reader(about: About, place: str) -> None:
    assert place_on_screen(in_house(words=text(about=about))) == place


@pytest.mark.parametrize("about", list(About))
def test_every_place_fits_what_apple_takes(about: About) -> None:
    notice = in_house(words=text(about=about))
    for one in (notice, replace(notice, incident_id=None)):
        assert len(place_on_screen(one).encode("ascii")) <= 64


@pytest.mark.parametrize("about", list(About))
def test_only_an_alarm_to_a_person_is_answered(about: About) -> None:
    notice = in_house(words=text(about=about))
    assert answer_key(notice, str) == (str(notice.id) if about is About.ALARM else None)
    assert answer_key(replace(notice, person_id=None), str) is None
    assert answer_key(notice, None) is None
