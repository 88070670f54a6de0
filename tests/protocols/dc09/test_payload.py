"""What stands between the brackets, as written in the standard and as panels write it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dc09.messages import CidEvent, CidReport, SiaEvent, SiaReport
from protocols.dc09.payload import parse_cid, parse_sia, serialise_cid, serialise_sia, words
from protocols.errors import LocalProtocolError

PLAIN = st.text("abcåäöÅÄÖ 0123456789.,-!?", max_size=20)
SIA_EVENTS = st.builds(
    SiaEvent,
    code=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    address=st.text("0123456789", max_size=4),
    new=st.booleans(),
    modifiers=st.dictionaries(
        st.sampled_from(["ti", "id", "ri", "pi"]), st.text("0123456789:", min_size=1, max_size=6)
    ).map(lambda named: tuple(named.items())),
    units=st.text("0123456789.", max_size=4),
    text=PLAIN.map(str.strip),
)
ACCOUNTS = st.text("0123456789ABCDEF", min_size=3, max_size=16)


@given(account=ACCOUNTS, events=st.lists(SIA_EVENTS, min_size=1, max_size=4), texts=st.lists(PLAIN, max_size=2))
def test_a_sia_report_comes_back_as_it_was(account: str, events: list[SiaEvent], texts: list[str]) -> None:
    report = SiaReport(account=account, events=tuple(events), texts=tuple(texts))
    assert parse_sia(serialise_sia(report)) == report


@given(account=ACCOUNTS, events=st.lists(SIA_EVENTS, min_size=1, max_size=4))
def test_swedish_words_survive_cp1252(account: str, events: list[SiaEvent]) -> None:
    report = SiaReport(account=account, events=tuple(events))
    assert words(serialise_sia(report, encoding="cp1252")) == words(serialise_sia(report))


@given(
    account=ACCOUNTS,
    events=st.lists(
        st.builds(
            CidEvent,
            st.sampled_from([1, 3, 6]),
            st.text("0123456789ABCDEF", min_size=3, max_size=3),
            st.text("0123456789", min_size=2, max_size=2),
            st.text("0123456789", min_size=3, max_size=3),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_a_contact_id_report_comes_back_as_it_was(account: str, events: list[CidEvent]) -> None:
    report = CidReport(account=account, events=tuple(events))
    assert parse_cid(serialise_cid(report)) == report


@given(data=st.binary(max_size=200) | st.text("NOA#|/^*\"'PAriti107 ", max_size=60).map(str.encode))
def test_any_data_gives_a_report(data: bytes) -> None:
    parse_sia(data)
    parse_cid(data)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"#1234|NPA", ["PA"]),
        (b"#1234|NPA7/BA3", ["PA", "BA"]),
        (b"#1234|NPA7|NBA3", ["PA", "BA"]),
        (b"#1234|Nri1pi2PA7", ["PA"]),
        (b"#1234|Nti10:35:20/id007/ri1A/PA7", ["PA"]),
        (b"#1234|Nda01-02-26ti10:35ri1PA7", ["PA"]),
        (b"#1234|NPA7*3", ["PA"]),
        (b"#1234|NPA7*'Reception'NM", ["PA"]),
        (b"#1234|NPA7^never closed", ["PA"]),
        (b"|NPA7", ["PA"]),
        (b"NPA7", ["PA"]),
        (b"#1234|PA7", ["PA"]),
        (b"#1234| |NPA7|", ["PA"]),
        (b"#1234|N", [None]),
        (b"#1234|Npa7", [None]),
        (b"#1234|N7", [None]),
        (b"#1234|Nid/PA7", ["PA"]),
    ],
)
def test_a_press_is_read_however_the_panel_writes_it(data: bytes, codes: list[str | None]) -> None:
    assert [event.code for event in parse_sia(data).events] == codes


def test_modifiers_hold_for_the_codes_behind_them_until_they_change() -> None:
    report = parse_sia(b"#1234|Nri1/PA7/ri2/BA3/id9")
    assert [(event.code, event.modifiers) for event in report.events] == [
        ("PA", (("id", "9"), ("ri", "1"))),
        ("BA", (("id", "9"), ("ri", "2"))),
    ]


def test_units_and_both_text_forms_stand_beside_each_other() -> None:
    (event,) = parse_sia(b'#1234|NPA7*21^Reception^*"plan 2"NM').events
    assert event == SiaEvent(code="PA", address="7", units="21", text="Reception plan 2")


@pytest.mark.parametrize(
    ("data", "event"),
    [
        (b"#1234|1120 01 007", CidEvent(1, "120", "01", "007")),
        (b"1120 01 007", CidEvent(1, "120", "01", "007")),
        (b"#1234|112001007", CidEvent(1, "120", "01", "007")),
        (b"#1234|3 120  01  007", CidEvent(3, "120", "01", "007")),
        (b"#1234|11af 0b 007", CidEvent(1, "1AF", "0B", "007")),
    ],
)
def test_contact_id_is_read_however_it_is_spaced(data: bytes, event: CidEvent) -> None:
    assert parse_cid(data).events == (event,)


@pytest.mark.parametrize("data", [b"", b"#1234|", b"#1234|112 01 007", b"#1234|1120 01 0071", b"#1234|panik"])
def test_what_is_no_contact_id_gives_no_event_and_keeps_its_words(data: bytes) -> None:
    report = parse_cid(data)
    assert report.events == ()
    assert report.opaque == ((data[6:].decode(),) if len(data) > 6 else ())


def test_two_contact_id_events_in_a_row_are_two_events() -> None:
    assert len(parse_cid(b"#1234|1120 01 007 1130 01 002").events) == 2


@pytest.mark.parametrize(
    "report",
    [
        SiaReport(account="1234", events=(SiaEvent(code=None),)),
        SiaReport(account="1234", events=(SiaEvent(code="PA", text="a^b"),)),
        SiaReport(account="1234", events=(SiaEvent(code="PA", text="a|b"),)),
        SiaReport(account="1234", events=(SiaEvent(code="PA", text="a]b"),)),
        SiaReport(account=None, events=(SiaEvent(code="PA"),)),
    ],
)
def test_a_report_that_cannot_be_said_is_our_own_fault(report: SiaReport) -> None:
    with pytest.raises(LocalProtocolError):
        serialise_sia(report)


def test_bytes_that_no_code_page_knows_are_still_words() -> None:
    assert words(b"\x81\xe5") == "\x81å"


@pytest.mark.parametrize(
    "pattern",
    [b"PA", b'PA*"', b"PA*'", b"PA^", b"ri", b"ri1", b"*", b"^", b"/", b"|", b"|N", b"x ", b"PA7*1", b"1120 01 007"],
)
def test_the_densest_data_of_a_frame_is_read_in_a_moment(pattern: bytes) -> None:
    data = b"#1234|N" + (pattern * 4096)[:4080]
    began_s = time.process_time()
    parse_sia(data)
    parse_cid(data)
    assert time.process_time() - began_s < 0.25  # 1 to 20 ms here
