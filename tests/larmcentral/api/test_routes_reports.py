"""Managers' reports over HTTP: what is asked for, and in which days."""

from __future__ import annotations

from datetime import timedelta

from larmcentral.api import shapes_reports
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse, annas_alarm

URL = "/api/reports"


async def test_a_search_answers_with_a_page_and_takes_every_filter(house: ApiHouse) -> None:
    incident = await annas_alarm(house, shown_at=NOON + timedelta(seconds=1))
    everything = (
        "?from_day=2026-11-22&until_day=2026-11-22&kind=panic&purpose=real&state=open&text=anna&limit=1"
        f"&before={incident}"
    )
    async with house.browser("manager.care") as browser:
        page = shapes_reports.IncidentPage.model_validate_json((await browser.get(f"{URL}/incidents")).content)
        behind = (await browser.get(f"{URL}/incidents{everything}")).json()
        before = everything.partition("&before")[0]
        same = (await browser.get(f"{URL}/incidents{before}")).json()
        none = (await browser.get(f"{URL}/incidents{before}&outcome=false")).json()
        elsewhere = (await browser.get(f"{URL}/incidents{before}&unit_id={incident}")).json()
    assert [(row.id, row.person, row.shown_s) for row in page.rows] == [(incident, "Anna", 1.0)]
    assert behind == {"rows": [], "next": None, "total": 1}
    assert ([row["id"] for row in same["rows"]], same["total"]) == ([str(incident)], 1)
    assert none["total"] == elsewhere["total"] == 0


async def test_without_days_a_report_is_of_the_twelve_months_that_end_today(house: ApiHouse) -> None:
    await annas_alarm(house)
    house.clock.pass_by(timedelta(hours=11, minutes=30))  # the 23rd in Stockholm
    async with house.browser("operator.care") as browser:
        got = await browser.get(f"{URL}/response")
    report = shapes_reports.ResponseReport.model_validate_json(got.content)
    assert (str(report.from_day), str(report.until_day)) == ("2025-11-24", "2026-11-23")
    assert (report.alarms, report.never, report.bars[0].met) == (1, 1, False)


async def test_use_is_told_by_unit_and_units_are_there_to_choose(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        got = await browser.get(f"{URL}/usage?from_day=2026-11-01&until_day=2026-11-22")
        usage = shapes_reports.UsageReport.model_validate_json(got.content)
        units = [shapes_reports.UnitChoice.model_validate(one) for one in (await browser.get(f"{URL}/units")).json()]
    assert [(unit.unit, unit.persons) for unit in usage.units if unit.unit_id is not None] == [("Nord", 2)]
    assert [unit.name for unit in units] == ["Nord"]


async def test_days_that_make_no_span_are_refused_with_their_field(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        for query in (
            "from_day=2026-11-22&until_day=2026-11-21",
            "from_day=2020-01-01&until_day=2026-01-01",
            "until_day=0001-01-01",
            "from_day=9999-12-31&until_day=9999-12-31",
        ):
            for report in ("incidents", "response", "usage"):
                got = await browser.get(f"{URL}/{report}?{query}")
                assert (got.status_code, got.json()["fields"]) == (422, {"until_day": "span"}), (report, query)
        assert (await browser.get(f"{URL}/incidents?kind=party")).status_code == 422
