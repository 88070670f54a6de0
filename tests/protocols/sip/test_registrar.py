"""Who can be reached where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from protocols.sip import registrar
from protocols.sip.answering import Refusal
from protocols.sip.messages import Request
from protocols.sip.registrar import Registrar, listed

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)


def asked(*contacts: str, expires: str | None = None, sequence: int = 1, call_id: str = "c") -> Request:
    more = () if expires is None else (("expires", expires),)
    headers = (("call-id", call_id), ("cseq", f"{sequence} REGISTER"), *(("contact", text) for text in contacts))
    return Request("REGISTER", "sip:a", (*headers, *more))


def test_contacts_are_bound_for_as_long_as_they_ask_and_an_hour_at_most() -> None:
    units = Registrar()
    units.register("678", asked("<sip:a@h1>;expires=600, <sip:a@h2>", expires="99999"), NOW)
    assert listed(units.contacts("678", NOW), NOW) == [
        ("contact", "<sip:a@h2>;expires=3600"),
        ("contact", "<sip:a@h1>;expires=600"),
    ]
    later = NOW + timedelta(seconds=600)
    assert [each.contact for each in units.contacts("678", later)] == ["sip:a@h2"]
    assert [each.contact for each in units.register("678", asked(), later)] == ["sip:a@h2"], "a question"


def test_a_contact_is_taken_back_by_itself_or_with_all_others() -> None:
    units = Registrar()
    units.register("678", asked("<sip:a@h1>", "<sip:a@h2>"), NOW)
    units.register("678", asked("<sip:a@h1>;expires=0", sequence=2), NOW)
    assert [each.contact for each in units.contacts("678", NOW)] == ["sip:a@h2"]
    units.register("678", asked("*", expires="0", sequence=3), NOW)
    assert len(units) == 0


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asked("*"), 400),
        (asked("*", "<sip:a@b>", expires="0"), 400),
        (asked("<sip:a@b>", expires="5"), 423),
        (asked("<tel:1>"), 400),
        (asked("<sip:a@h1>", sequence=4), 500),
        (asked(*[f"<sip:a@h{number}>" for number in range(33)]), 400),
        (asked(f"<sip:{'a' * 300}@h>"), 400),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(request_: Request, status: int) -> None:
    units = Registrar()
    before = units.register("678", asked("<sip:a@h1>", sequence=5), NOW)
    with pytest.raises(Refusal) as refused:
        units.register("678", request_, NOW)
    assert refused.value.status == status
    assert units.contacts("678", NOW) == tuple(before)


def test_the_memory_is_bounded_and_who_speaks_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registrar, "MAX_NAMES", 2)
    units = Registrar()
    for name in ("a", "b"):
        units.register(name, asked("<sip:x@h>"), NOW)
    units.heard("a")
    units.heard("nobody")
    units.register("c", asked("<sip:x@h>"), NOW)
    assert [bool(units.contacts(name, NOW)) for name in "abc"] == [True, False, True]
    many = [f"<sip:x@h{number}>" for number in range(20)]
    assert len(units.register("a", asked(*many), NOW)) == registrar.MAX_CONTACTS
