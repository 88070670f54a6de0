"""Rotas out to calendars, and overrides in."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.timezone import tzp

from escalation.ids import PersonId
from escalation.rota import Override
from escalation.rota_shifts import Shift, whole_shifts
from larmcentral.calendars.fault import CalendarFault, CalendarRefused
from larmcentral.calendars.ical import IcalRotas, export, import_overrides
from tests.escalation.rotas import ANNA, BO, CIA, DAG, PLANNER, is_holiday, local, override, rota, weekly

NAMES = {ANNA: "Anna Åberg", BO: "Bo Bäck", CIA: "Cia; von, Ö"}
NORD = rota(weekly(ANNA, BO, CIA))
MADE_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(text: bytes, names: Mapping[PersonId, str] = NAMES, layer: int | None = 0) -> tuple[Override, ...]:
    return import_overrides(NORD, text, names, layer=layer, made_by=PLANNER)


def calendar(*events: str) -> bytes:
    """A file of somebody else's; each event is its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//elsewhere//"]
    for event in events:
        lines += ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def one(text: bytes) -> tuple[PersonId, datetime, datetime]:
    (found,) = read(text)
    return found.person_id, found.from_at, found.until_at


def test_a_shift_is_an_event_with_a_name_a_time_and_its_layer() -> None:
    (shift, *_) = whole_shifts(NORD, local(2026, 1, 7), local(2026, 1, 8), is_holiday)
    (event,) = Calendar.from_ical(export(NORD, [shift], NAMES, made_at=MADE_AT)).events

    assert (event.start, event.end) == (local(2026, 1, 5, 8), local(2026, 1, 12, 8))
    assert (str(event["SUMMARY"]), event["CATEGORIES"].to_ical()) == ("Anna Åberg", b"week")
    assert b"DTSTART:20260105T070000Z\r\nDTEND:20260112T070000Z\r\nDTSTAMP:20260101T120000Z" in event.to_ical()


def test_an_event_keeps_its_name_when_it_is_exported_again() -> None:
    def uids(day: int) -> list[str]:
        shifts = whole_shifts(NORD, local(2026, 1, day), local(2026, 2, 1), is_holiday)
        return [str(event["UID"]) for event in Calendar.from_ical(export(NORD, shifts, NAMES, made_at=MADE_AT)).events]

    assert len(set(uids(7))) == 4
    assert uids(7) == uids(9)
    assert uids(7)[1:] == uids(14)


def test_two_layers_at_one_time_are_two_events() -> None:
    both = rota(weekly(ANNA), weekly(BO))
    shifts = [
        Shift(person_id=ANNA, layer=layer, from_at=local(2026, 1, 7), until_at=local(2026, 1, 8)) for layer in (0, 1)
    ]
    text = export(both, shifts, NAMES, made_at=MADE_AT)

    assert len({str(event["UID"]) for event in Calendar.from_ical(text).events}) == 2


def test_a_person_whose_name_may_not_be_known_goes_by_his_id() -> None:
    shift = Shift(person_id=DAG, layer=0, from_at=local(2026, 1, 7), until_at=local(2026, 1, 8))

    assert f"SUMMARY:{DAG}".encode() in export(NORD, [shift], NAMES, made_at=MADE_AT)


def test_an_event_puts_the_person_it_names_on_call() -> None:
    text = calendar("SUMMARY:Bo Bäck\nDTSTART:20260107T120000Z\nDTEND:20260107T130000Z")
    begins = datetime(2026, 1, 7, 12, tzinfo=UTC)

    assert read(text, layer=None) == (override(BO, begins, begins + HOUR, layer=None, ground="calendar"),)


@pytest.mark.parametrize("name", ["bo bäck", "  BO   BÄCK ", "Bo\\nBäck"])
def test_a_name_may_be_written_carelessly(name: str) -> None:
    assert one(calendar(f"SUMMARY:{name}\nDTSTART:20260107T120000Z\nDTEND:20260107T130000Z"))[0] == BO


@pytest.mark.parametrize(
    ("times", "from_at", "until_at"),
    [
        ("DTSTART:20260107T120000\nDTEND:20260107T130000", local(2026, 1, 7, 12), local(2026, 1, 7, 13)),
        ("DTSTART:20260707T120000\nDTEND:20260707T130000", local(2026, 7, 7, 12), local(2026, 7, 7, 13)),
        (
            "DTSTART;TZID=Europe/Helsinki:20260107T120000\nDTEND;TZID=Europe/Stockholm:20260107T130000",
            local(2026, 1, 7, 11),
            local(2026, 1, 7, 13),
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260107T120000\nDURATION:PT90M",
            local(2026, 1, 7, 12),
            local(2026, 1, 7, 13, 30),
        ),
        ("DTSTART;VALUE=DATE:20260107", local(2026, 1, 7), local(2026, 1, 8)),
        ("DTSTART;VALUE=DATE:20260107\nDTEND;VALUE=DATE:20260110", local(2026, 1, 7), local(2026, 1, 10)),
        ("DTSTART;VALUE=DATE:20260329", local(2026, 3, 29), local(2026, 3, 30)),
        ("DTSTART:20260328T220000\nDURATION:P1DT1H", local(2026, 3, 28, 22), local(2026, 3, 29, 23)),
        ("DTSTART:20260329T023000\nDTEND:20260329T040000", local(2026, 3, 29, 3), local(2026, 3, 29, 4)),
        ("DTSTART:20261024T220000\nDTEND:20261025T023000", local(2026, 10, 24, 22), local(2026, 10, 25, 2, 30)),
    ],
    ids=["floating", "summer", "zones", "windows", "day", "days", "short-day", "duration", "jumped-over", "twice"],
)
def test_times_mean_what_the_clocks_show(times: str, from_at: datetime, until_at: datetime) -> None:
    assert one(calendar(f"SUMMARY:Bo Bäck\n{times}")) == (BO, from_at, until_at)


USUAL = "DTSTART:20260107T120000Z\nDTEND:20260107T130000Z"


def test_a_cancelled_event_is_left_out() -> None:
    text = calendar(f"SUMMARY:Bo Bäck\nSTATUS:CANCELLED\n{USUAL}", f"SUMMARY:Anna Åberg\n{USUAL}")

    assert one(text)[0] == ANNA


def test_of_namesakes_a_file_of_our_own_says_which_one_is_meant() -> None:
    both = {ANNA: "Anna Åberg", DAG: "Anna Åberg"}
    shift = Shift(person_id=DAG, layer=0, from_at=local(2026, 1, 7), until_at=local(2026, 1, 8))

    assert [found.person_id for found in read(export(NORD, [shift], both, made_at=MADE_AT), both)] == [DAG]


def test_a_name_that_was_changed_by_hand_counts_more_than_whom_we_meant() -> None:
    shift = Shift(person_id=ANNA, layer=0, from_at=local(2026, 1, 7), until_at=local(2026, 1, 8))
    text = export(NORD, [shift], NAMES, made_at=MADE_AT)

    assert one(text.replace("SUMMARY:Anna Åberg".encode(), "SUMMARY:Bo Bäck".encode()))[0] == BO


@pytest.mark.parametrize(
    ("event", "fault", "said"),
    [
        (f"SUMMARY:Nobody We Know\n{USUAL}", CalendarFault.UNKNOWN_PERSON, "Nobody We Know"),
        (USUAL, CalendarFault.UNKNOWN_PERSON, ""),
        (f"SUMMARY:Bo Bäck\nRRULE:FREQ=WEEKLY\n{USUAL}", CalendarFault.RECURS, ""),
        (f"SUMMARY:Bo Bäck\nRDATE:20260108T120000Z\n{USUAL}", CalendarFault.RECURS, ""),
        (f"SUMMARY:Bo Bäck\nRECURRENCE-ID:20260108T120000Z\n{USUAL}", CalendarFault.RECURS, ""),
        ("SUMMARY:Bo Bäck", CalendarFault.NO_TIME, ""),
        ("SUMMARY:Bo Bäck\nDTSTART:20260107T120000Z", CalendarFault.NO_TIME, ""),
        ("SUMMARY:Bo Bäck\nDTEND:20260107T120000Z", CalendarFault.NO_TIME, ""),
        ("SUMMARY:Bo Bäck\nDTSTART:tomorrow\nDTEND:20260107T120000Z", CalendarFault.NO_TIME, ""),
        (f"SUMMARY:Bo Bäck\nDTSTART:20260107T110000Z\n{USUAL}", CalendarFault.NO_TIME, ""),
        ("SUMMARY:Bo Bäck\nDTSTART:20260107T120000Z\nDURATION:P9999999D", CalendarFault.NO_TIME, ""),
        ("SUMMARY:Bo Bäck\nDTSTART:00010101T000000\nDTEND:99991231T235959", CalendarFault.NO_TIME, ""),
        (
            "SUMMARY:Bo Bäck\nDTSTART;TZID=Mars/Olympus:20260107T120000\nDURATION:PT1H",
            CalendarFault.UNKNOWN_ZONE,
            "Mars/Olympus",
        ),
        (
            "SUMMARY:Bo Bäck\nDTSTART:20260107T120000Z\nDTEND:20260107T120000Z",
            CalendarFault.ENDS_BEFORE_IT_BEGINS,
            "",
        ),
        ("SUMMARY:Bo Bäck\nDTSTART:20260107T120000Z\nDURATION:-PT1H", CalendarFault.ENDS_BEFORE_IT_BEGINS, ""),
    ],
)
def test_an_event_is_refused_with_its_number_and_nothing_else_is_taken(
    event: str, fault: CalendarFault, said: str
) -> None:
    with pytest.raises(CalendarRefused) as refused:
        read(calendar(f"SUMMARY:Anna Åberg\n{USUAL}", event))

    assert (refused.value.fault, refused.value.event, refused.value.said) == (fault, 2, said)
    assert str(refused.value) == refused.value.reason == fault.value


def test_two_of_one_name_are_not_guessed_between() -> None:
    with pytest.raises(CalendarRefused, match="calendar_ambiguous_person"):
        read(calendar(f"SUMMARY:Anna Åberg\n{USUAL}"), {ANNA: "Anna Åberg", DAG: "anna åberg"})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", CalendarFault.NOT_A_CALENDAR),
        (b"/etc/hostname", CalendarFault.NOT_A_CALENDAR),
        (b"\xff\xfe\x00", CalendarFault.NOT_A_CALENDAR),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", CalendarFault.NOT_A_CALENDAR),
        (calendar() * 2, CalendarFault.NOT_A_CALENDAR),
        (calendar(f"SUMMARY:Bo Bäck\n{USUAL}")[:-20], CalendarFault.NOT_A_CALENDAR),
        (calendar(), CalendarFault.NO_EVENTS),
        (calendar(f"SUMMARY:Bo Bäck\nSTATUS:cancelled\n{USUAL}"), CalendarFault.NO_EVENTS),
        (calendar(*[f"SUMMARY:Bo Bäck\n{USUAL}"] * 1001), CalendarFault.TOO_MANY_EVENTS),
        (b"\n" * 20_001, CalendarFault.TOO_LARGE),
        (b" " * (256 * 1024 + 1), CalendarFault.TOO_LARGE),
    ],
    ids=["empty", "path", "bytes", "event", "two", "cut", "none", "cancelled", "many", "lines", "size"],
)
def test_a_file_is_refused_as_a_whole(text: bytes, fault: CalendarFault) -> None:
    with pytest.raises(CalendarRefused) as refused:
        read(text)

    assert (refused.value.fault, refused.value.event) == (fault, None)


HOURLESS = (
    "BEGIN:VTIMEZONE\nTZID:{zone}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nRRULE:FREQ=SECONDLY\n"
    "TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n"
)


@pytest.mark.parametrize("begin", ["BEGIN:VTIMEZONE", "begin:vtimezone ", "BEGIN;X=1:VTIMEZONE", "BEGIN:VTIME\n ZONE"])
def test_a_zone_that_the_file_makes_up_itself_is_not_followed(begin: str) -> None:
    event = "SUMMARY:Bo Bäck\nDTSTART;TZID={zone}:20260107T120000\nDURATION:PT1H"

    def with_zone(zone: str) -> bytes:
        rules = HOURLESS.format(zone=zone).replace("BEGIN:VTIMEZONE", begin).encode()
        return calendar(event.format(zone=zone)).replace(b"BEGIN:VEVENT", rules + b"BEGIN:VEVENT")

    with pytest.raises(CalendarRefused, match="calendar_unknown_zone"):
        read(with_zone("Office"))
    assert tzp.timezone("Office") is None, "it is remembered for the next file"
    assert one(with_zone("Europe/Stockholm"))[1] == local(2026, 1, 7, 12)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_refused_in_words_or_taken(noise: bytes) -> None:
    whole = calendar(f"SUMMARY:Bo Bäck\n{USUAL}")
    for text in (noise, whole.replace(b"UID:1", noise), whole.replace(b":20260107T120000Z", noise)):
        with contextlib.suppress(CalendarRefused):
            assert read(text)


@st.composite
def shifts(draw: st.DrawFn) -> list[Shift]:
    begins = datetime(2026, 3, 1, tzinfo=UTC) + draw(st.integers(0, 10**7)) * timedelta(seconds=1)
    return [
        Shift(person_id=person_id, layer=0, from_at=begins + number * HOUR, until_at=begins + (number + lasts) * HOUR)
        for number, (person_id, lasts) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from([ANNA, BO, CIA]), st.integers(1, 500)), min_size=1, max_size=6))
        )
    ]


def names() -> st.SearchStrategy[str]:
    """Anything that is one line and not only space."""
    characters = st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"))
    return st.text(characters, min_size=1, max_size=90).map(lambda text: " ".join(text.split())).filter(bool)


@given(shifts(), st.lists(names(), min_size=3, max_size=3))
def test_what_went_out_comes_back(made: list[Shift], words: list[str]) -> None:
    known = dict(zip((ANNA, BO, CIA), words, strict=True))
    found = read(export(NORD, made, known, made_at=MADE_AT), known)

    assert found == tuple(override(shift.person_id, shift.from_at, shift.until_at, ground="calendar") for shift in made)


def test_the_api_gets_its_stamp_from_the_clock_it_was_handed() -> None:
    rotas = IcalRotas(lambda: MADE_AT)
    made = whole_shifts(NORD, local(2026, 1, 7), local(2026, 1, 8), is_holiday)
    text = rotas.export(NORD, made, NAMES)

    assert b"DTSTAMP:20260101T120000Z" in text
    assert rotas.overrides(NORD, text, NAMES, layer=0, made_by=PLANNER) == read(text)


def test_a_rota_of_another_zone_reads_floating_times_by_its_own_clocks() -> None:
    text = calendar("SUMMARY:Bo Bäck\nDTSTART:20260107T120000\nDURATION:PT1H")
    elsewhere = replace(NORD, zone="Europe/Helsinki")
    (found,) = import_overrides(elsewhere, text, NAMES, layer=0, made_by=PLANNER)

    assert found.from_at == local(2026, 1, 7, 11)
