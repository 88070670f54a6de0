"""Who makes room when many come."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from larmcentral.strangers import LOOKED_AT, Strangers


@dataclass(eq=False)
class Caller:
    waits: bool = False


def test_the_oldest_of_the_address_with_the_most_is_first() -> None:
    strangers: Strangers[Caller] = Strangers()
    lonely, first, second = Caller(), Caller(), Caller()
    for caller, address in ((lonely, "b"), (first, "a"), (second, "a")):
        strangers.add(caller, address)
    assert strangers.crowded() == "a"
    assert strangers.first("a") is first


def test_who_waits_for_his_answer_is_passed_over_unless_very_many_do() -> None:
    strangers: Strangers[Caller] = Strangers()
    waiting = [Caller(waits=True) for _ in range(LOOKED_AT - 1)]
    idle = Caller()
    for caller in (*waiting, idle):
        strangers.add(caller, "a")
    assert strangers.first("a") is idle
    strangers.discard(idle, "a")
    assert strangers.first("a") is waiting[0]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=60))
def test_it_says_what_a_plain_count_would(steps: list[tuple[str, bool]]) -> None:
    strangers: Strangers[Caller] = Strangers()
    rows: dict[str, OrderedDict[Caller, None]] = {name: OrderedDict() for name in "abcd"}
    for address, comes in steps:
        if comes:
            caller = Caller()
            strangers.add(caller, address)
            rows[address][caller] = None
        elif rows[address]:
            gone, _ = rows[address].popitem(last=False)
            strangers.discard(gone, address)
            strangers.discard(gone, address)
        counts = Counter({name: len(row) for name, row in rows.items() if row})
        assert len(strangers) == counts.total()
        assert [strangers.of(name) for name in "abcd"] == [counts[name] for name in "abcd"]
        if counts:
            most = strangers.crowded()
            assert counts[most] == max(counts.values())
            assert strangers.first(most) is next(iter(rows[most]))
