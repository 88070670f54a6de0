"""Names give way, the words around them never do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from larmcentral.channels.filling import GSM7, UCS2, Measure, fill, fill_message, tidy
from larmcentral.channels.gsm7 import fits_one_message, is_gsm7
from larmcentral.domain.templates import Placeholder, pieces

TWENTY = Measure(20, len)
NAMES = st.text(alphabet=st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=90)


def values(subject: str = "Anna", place: str = "Storgatan", **more: str) -> dict[Placeholder, str]:
    return {
        Placeholder.SUBJECT: subject,
        Placeholder.PLACE: place,
        **{Placeholder(name): value for name, value in more.items()},
    }


def test_what_fits_is_filled_in_as_it_is() -> None:
    assert fill(pieces("{subject} at {place}"), values(), TWENTY) == "Anna at Storgatan"


def test_the_longer_one_is_cut_first() -> None:
    assert fill(pieces("{subject} at {place}"), values(place="Storgatan 15 Norr"), TWENTY) == "Anna at Storgatan 1…"
    assert fill(pieces("{subject} at {place}"), values("Anna-Karin Lindqvist", "Bo 1"), TWENTY) == "Anna-Karin… at Bo 1"


def test_two_long_ones_are_cut_alike() -> None:
    assert fill(pieces("{subject} at {place}"), values("x" * 50, "y" * 50), TWENTY) == "xxxxxxx… at yyyyyyy…"


def test_a_name_said_twice_is_cut_twice() -> None:
    filled = fill(pieces("{subject}! {subject}!"), values("x" * 50), TWENTY)
    assert filled == "xxxxxxx…! xxxxxxx…!"


def test_words_that_do_not_fit_by_themselves_are_not_cut_but_given_up() -> None:
    assert fill(pieces("x" * 21), values(), TWENTY) is None
    assert fill(pieces("x" * 19 + "{subject}{place}"), values(), TWENTY) is None


def test_gaps_that_empty_words_leave_are_closed() -> None:
    assert tidy("kl. 14:02 .") == "kl. 14:02."
    assert tidy("kl. 14:02, . Kom") == "kl. 14:02. Kom"
    assert tidy("  a  b ,c ") == "a b,c"
    assert tidy("one \n two") == "one\n two"


@given(NAMES, NAMES)
def test_the_words_of_a_text_message_are_never_cut(subject: str, place: str) -> None:
    filled = fill_message(pieces("LARM! {subject}, {place}. Ring ej."), values(subject, place))
    assert filled is not None
    assert fits_one_message(filled)
    assert filled.startswith("LARM!")
    assert filled.endswith("Ring ej.")


def test_foreign_words_of_a_template_cost_the_small_alphabet_and_are_kept() -> None:
    filled = fill_message(pieces("Łarm {subject} {place} – Łarm"), values("Anna " * 9, "Norr " * 9))
    assert filled is not None
    assert not is_gsm7(filled)
    assert UCS2.weigh(filled) <= UCS2.limit
    assert filled.startswith("Łarm Anna")
    assert filled.endswith("– Łarm")


def test_signs_without_a_neighbour_are_kept_and_cut_where_there_is_room_for_some() -> None:
    filled = fill_message(pieces("Larm {subject}"), values("نور" * 40))
    assert filled is not None
    assert filled.startswith("Larm نور")
    long = fill_message(pieces("Larm " * 20 + "{subject}"), values("نور" * 4))
    assert long is not None
    assert long.endswith("?" * 12)
    assert GSM7.weigh(long) <= GSM7.limit
