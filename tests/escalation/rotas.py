"""Rotas for the tests: such as a unit might have, any that Hypothesis can think of, and some holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from escalation.ids import PersonId, RotaId, UserId
from escalation.rota import Layer, OnHolidays, Override, Rota
from escalation.rota_change import with_override

ANNA, BO, CIA, DAG = (PersonId(UUID(int=number)) for number in range(1, 5))
STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
PLANNER: Final = UserId(UUID(int=0xE1))
HOLIDAYS: Final = frozenset(
    {date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 24)}
)
FORWARD: Final = datetime(2026, 3, 29, 1, tzinfo=UTC)
"""Clocks go from 02:00 to 03:00."""
BACK: Final = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""Clocks go from 03:00 to 02:00."""


def is_holiday(day: date) -> bool:
    return day in HOLIDAYS


def local(*parts: int) -> datetime:
    """A moment by the clocks of Stockholm, UTC."""
    return datetime(*parts, tzinfo=STOCKHOLM).astimezone(UTC)  # type: ignore[misc,arg-type]  # tzinfo by name only


def rota(*layers: Layer, overrides: tuple[Override, ...] = ()) -> Rota:
    return Rota(id=RotaId(UUID(int=0xE0)), name="Nord", layers=layers, overrides=overrides)


def weekly(*persons: PersonId, starts_on: date = date(2026, 1, 5)) -> Layer:
    """Mondays at 08:00; the fifth of January 2026 is one."""
    return Layer(name="week", persons=persons, starts_on=starts_on)


def override(
    person_id: PersonId, from_at: datetime, until_at: datetime, layer: int | None = 0, ground: str = "ill"
) -> Override:
    return Override(
        person_id=person_id, from_at=from_at, until_at=until_at, layer=layer, ground=ground, made_by=PLANNER
    )


def moments() -> st.SearchStrategy[datetime]:
    """Minutes of 2026, gladly near the two nights on which clocks are moved."""
    near = st.builds(
        lambda turn, minutes: turn + timedelta(minutes=minutes),
        st.sampled_from([FORWARD, BACK]),
        st.integers(-200, 200),
    )
    year = st.integers(0, 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    )
    return near | year


def wall_times() -> st.SearchStrategy[time]:
    """Gladly in the hours that come twice or not at all."""
    quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
    return quarters | st.builds(time, st.sampled_from([1, 2, 3]), st.sampled_from([0, 30]))


def layers() -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer,
        name=st.just("any"),
        persons=st.lists(st.sampled_from([ANNA, BO, CIA, DAG]), max_size=4).map(tuple),
        starts_on=st.dates(date(2025, 12, 1), date(2026, 4, 30)),
        hand_over=wall_times(),
        length_days=st.sampled_from([1, 2, 3, 7, 14]),
        hours=st.none() | st.tuples(wall_times(), wall_times()),
        weekdays=st.frozensets(st.integers(0, 6)),
        holidays=st.sampled_from(OnHolidays),
    )


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    """Up to three layers and a few overrides, none of which overlap."""
    whole = rota(*draw(st.lists(layers(), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 4))):
        begins, minutes = draw(moments()), draw(st.integers(1, 3 * 24 * 60))
        layer = draw(st.none() | st.integers(0, len(whole.layers) - 1))
        person_id = draw(st.sampled_from([ANNA, BO, CIA, DAG]))
        whole = with_override(whole, override(person_id, begins, begins + timedelta(minutes=minutes), layer))
    return whole
