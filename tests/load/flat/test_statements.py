"""Only what costs clearly more in the old house is called grown."""

from __future__ import annotations

import pytest

from load.flat.statements import Counted, compare, grown


def test_statements_of_both_houses_are_ordered_by_what_they_cost_more() -> None:
    new = {"a": Counted(10, 10.0), "b": Counted(10, 1.0), "only new": Counted(1, 1.0)}
    old = {"a": Counted(10, 11.0), "b": Counted(10, 40.0), "only old": Counted(1, 1.0)}

    found = compare(new, old)

    assert [one.query for one in found] == ["b", "a"]
    assert [one.query for one in grown(found)] == ["b"]
    assert (found[0].ratio, found[0].more_ms) == (pytest.approx(40.0), pytest.approx(39.0))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (Counted(4, 4.0), Counted(4, 40.0)),
        (Counted(100, 1.0), Counted(100, 2.9)),
        (Counted(100, 100.0), Counted(100, 149.0)),
    ],
)
def test_too_few_calls_too_little_time_or_too_little_growth_is_none(new: Counted, old: Counted) -> None:
    assert grown(compare({"a": new}, {"a": old})) == []
