"""Tables that can take back what a transaction wrote, row by row, and that keep what is looked up in them in step."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, MutableMapping, ValuesView
from datetime import datetime
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
G = TypeVar("G")


class Journal:
    """What to do to take the running transaction back. Outside one nothing is noted: such a write stands at once."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] | None = None

    def begin(self) -> None:
        self._undo = []

    def commit(self) -> None:
        self._undo = None

    def roll_back(self) -> None:
        undo, self._undo = self._undo or [], None
        for step in reversed(undo):
            step()

    def note(self, undo: Callable[[], None]) -> None:
        if self._undo is not None:
            self._undo.append(undo)


class Table(MutableMapping[K, V]):
    """Rows by key. followers: told of every change (key, row before, row after), of one that is taken back as well."""

    def __init__(self, journal: Journal, *followers: Callable[[K, V | None, V | None], None]) -> None:
        self._journal, self._followers = journal, followers
        self._rows: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        return self._rows[key]

    def __setitem__(self, key: K, row: V) -> None:
        before = self._rows.get(key)
        self._journal.note(lambda: self._put(key, before))
        self._put(key, row)

    def __delitem__(self, key: K) -> None:
        before = self._rows[key]
        self._journal.note(lambda: self._put(key, before))
        self._put(key, None)

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def get(self, key: K, default: V | None = None) -> V | None:  # type: ignore[override]  # no row is None
        return self._rows.get(key, default)

    def values(self) -> ValuesView[V]:
        return self._rows.values()

    def _put(self, key: K, row: V | None) -> None:
        before = self._rows.get(key)
        if row is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row
        for follow in self._followers:
            follow(key, before, row)


class Lists(Generic[K, V]):
    """Lists that only grow: the lines of a timeline."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._rows: dict[K, list[V]] = {}

    def extend(self, key: K, rows: tuple[V, ...]) -> None:
        lines = self._rows.setdefault(key, [])
        length = len(lines)
        lines.extend(rows)

        def shorten() -> None:
            del lines[length:]
            if not lines:
                del self._rows[key]

        self._journal.note(shorten)

    def __getitem__(self, key: K) -> list[V]:
        return self._rows[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def get(self, key: K) -> list[V]:
        return self._rows.get(key, [])


class Groups(Generic[G, K, V]):
    """Which keys of a table belong together, each group in the order in which they came. None: the row is in none."""

    def __init__(self, group_of: Callable[[V], G | None]) -> None:
        self._group_of = group_of
        self._groups: dict[G, dict[K, None]] = {}

    def seen(self, key: K, before: V | None, after: V | None) -> None:
        """Follow a change of the table."""
        left = None if before is None else self._group_of(before)
        joined = None if after is None else self._group_of(after)
        if left == joined:
            return
        if left is not None:
            group = self._groups[left]
            del group[key]
            if not group:
                del self._groups[left]
        if joined is not None:
            self._groups.setdefault(joined, {})[key] = None

    def of(self, group: G) -> list[K]:
        return list(self._groups.get(group, ()))

    def __contains__(self, group: G) -> bool:
        return group in self._groups


class Agenda(Generic[K, V]):
    """Keys of a table in the order of their times; of one time in the order in which they came. None: it has none."""

    def __init__(self, time_of: Callable[[V], datetime | None]) -> None:
        self._time_of = time_of
        self._order: list[tuple[datetime, int, K]] = []
        self._places: dict[K, tuple[datetime, int, K]] = {}
        self._serial = 0

    def seen(self, key: K, before: V | None, after: V | None) -> None:
        """Follow a change of the table."""
        at = None if after is None else self._time_of(after)
        place = self._places.get(key)
        if place is not None:
            if place[0] == at:
                return
            del self._order[bisect_left(self._order, place)]
            del self._places[key]
        if at is not None:
            self._serial += 1
            self._places[key] = new = (at, self._serial, key)
            insort(self._order, new)

    def until(self, at: datetime) -> list[K]:
        """Keys whose time has come, oldest first."""
        end = bisect_right(self._order, at, key=lambda place: place[0])
        return [key for _, _, key in self._order[:end]]

    @property
    def first(self) -> datetime | None:
        return self._order[0][0] if self._order else None

    def __len__(self) -> int:
        return len(self._order)
