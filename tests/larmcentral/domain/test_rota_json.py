"""Rotas and plans read back as what they were."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation.ids import RotaId, UserId
from escalation.plan import SafetyPlan
from escalation.rota import Layer, OnHolidays, Override, Rota
from larmcentral.domain.rota_json import dump_plan, dump_rota, load_plan, load_rota
from tests.world import BO, CECILIA, DAVID, T0, an_id

_spans = st.timedeltas(timedelta(days=-1), timedelta(days=40))


def test_a_rota_reads_back_as_it_was() -> None:
    nights = Layer(
        name="natt",
        persons=(BO, CECILIA),
        starts_on=date(2026, 3, 2),
        hand_over=time(7, 30),
        length_days=1,
        hours=(time(22), time(6)),
        weekdays=frozenset({5, 0}),
        holidays=OnHolidays.NOT_HOLIDAYS,
    )
    always = Layer(name="bakjour", persons=(), starts_on=date(2026, 1, 1))
    stand_in = Override(
        person_id=DAVID,
        from_at=T0,
        until_at=T0 + timedelta(hours=8),
        layer=None,
        ground="sjuk",
        made_by=UserId(an_id("karin")),
    )
    rota = Rota(
        id=RotaId(an_id("rota")),
        name="Jour Nord",
        layers=(nights, always),
        overrides=(stand_in,),
        zone="Europe/Helsinki",
        version=7,
    )
    assert load_rota(dump_rota(rota)) == rota
    assert dump_rota(load_rota(dump_rota(rota))) == dump_rota(rota)


@given(st.lists(_spans, max_size=4).map(tuple), _spans, st.integers(0, 100))
def test_a_plan_reads_back_as_it_was(reminders: tuple[timedelta, ...], missed_after: timedelta, battery: int) -> None:
    plan = SafetyPlan(check_in_reminders=reminders, missed_after=missed_after, pool_battery_pct=battery)
    assert load_plan(dump_plan(plan)) == plan


def test_what_a_plan_does_not_name_is_as_usual() -> None:
    assert load_plan('{"pool_battery_pct": 30}') == SafetyPlan(pool_battery_pct=30)
