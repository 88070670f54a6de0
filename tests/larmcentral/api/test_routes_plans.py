"""Action plans, what came of their steps, words to people, and what is asked at the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from escalation.action_plan import StepOutcome, StepRecord
from escalation.events import ClosingAnswer, MessageTo, Operator
from escalation.ids import UserId
from escalation.incident import Refused, Unanswered
from larmcentral.api import shapes, shapes_plans
from tests.larmcentral.api.house import ApiHouse, annas_alarm

PLAN, OTHER = UUID(int=71), UUID(int=72)
STEPS = [{"key": "call", "text": "Ring upp"}, {"key": "go", "text": "Skicka en kollega"}]


def draft(house: ApiHouse, **more: Any) -> dict[str, Any]:
    return {"committee_id": str(house.care), "name": "Överfall", "kind": "panic", "steps": STEPS, "version": 0} | more


async def test_a_plan_is_written_read_changed_and_removed(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        path = f"/api/action-plans/{PLAN}"
        made = await browser.put(path, json=draft(house))
        assert (made.status_code, made.json()["version"]) == (200, 1), made.text
        assert made.json() == {
            "id": str(PLAN),
            "committee_id": str(house.care),
            "name": "Överfall",
            "kind": "panic",
            "unit_id": None,
            "unit": None,
            "place_id": None,
            "place": None,
            "steps": STEPS,
            "version": 1,
        }
        changed = await browser.put(path, json=draft(house, name="Överfall i hemmet", version=1))
        assert (changed.json()["name"], changed.json()["version"]) == ("Överfall i hemmet", 2)
        stale = await browser.put(path, json=draft(house, version=1))
        assert (stale.status_code, stale.json()["reason"]) == (409, "changed_meanwhile")
        assert (await browser.get("/api/action-plans")).json() == [changed.json()]
        assert (await browser.delete(path)).status_code == 204
        assert (await browser.get("/api/action-plans")).json() == []
        assert (await browser.delete(path)).status_code == 404


async def test_two_plans_for_the_same_are_refused_by_name(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        await browser.put(f"/api/action-plans/{PLAN}", json=draft(house))
        second = await browser.put(f"/api/action-plans/{OTHER}", json=draft(house, name="En till"))
        assert (second.status_code, second.json()) == (
            409,
            {"reason": "plan_taken", "detail": "", "fields": {"name": "Överfall"}},
        )
        other_kind = await browser.put(f"/api/action-plans/{OTHER}", json=draft(house, kind=None))
        assert other_kind.status_code == 200


async def test_a_plan_whose_steps_share_a_key_or_that_is_for_a_place_elsewhere_is_refused(house: ApiHouse) -> None:
    place = await house.town.place(house.social, "Torget 1", owner=await house.town.person(house.social, "Disa"))
    async with house.browser("manager.care") as browser:
        twice = await browser.put(f"/api/action-plans/{PLAN}", json=draft(house, steps=[STEPS[0], STEPS[0]]))
        assert (twice.status_code, twice.json()["fields"]) == (422, {"steps": "key_twice"})
        elsewhere = await browser.put(f"/api/action-plans/{PLAN}", json=draft(house, place_id=str(place)))
        assert elsewhere.status_code == 404
        assert (await browser.get("/api/action-plans")).json() == []


async def test_the_plan_of_an_incident_comes_with_the_newest_word_on_each_step(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser("manager.care") as browser:
        empty = await browser.get(f"/api/incidents/{incident}/plan")
        assert empty.json() == {"incident_id": str(incident), "name": None, "version": 0, "steps": []}
        await browser.put(f"/api/action-plans/{PLAN}", json=draft(house))
    said = {"plan_id": str(PLAN), "plan": "Överfall", "version": "1", "key": "call", "text": "Ring upp"}
    by = {"kind": "operator", "user_id": str(house.users["operator.care"])}
    await house.town.line(incident, "step_recorded", by=by, **said, outcome="not_possible", note="upptaget")
    await house.town.line(incident, "step_recorded", by=by, **said, outcome="done")
    async with house.browser("operator.care") as browser:
        plan = shapes_plans.IncidentPlan.model_validate((await browser.get(f"/api/incidents/{incident}/plan")).json())
    assert (plan.name, plan.version) == ("Överfall", 1)
    assert [step.key for step in plan.steps] == ["call", "go"]
    record = plan.steps[0].record
    assert record is not None
    assert (record.outcome, record.note, record.by) == ("done", "", "Operator.Care")
    assert plan.steps[1].record is None


async def test_what_came_of_a_step_and_words_to_people_are_commands(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    desk, sight = Operator(UserId(house.users["operator.care"])), {house.care}
    async with house.browser("operator.care") as browser:
        for path, body in (
            ("plan/call", {"outcome": "not_possible", "note": " svarar inte "}),
            ("message", {"to": "wearer", "text": " Vi kommer "}),
        ):
            done = await browser.post(f"/api/incidents/{incident}/{path}", json=body)
            assert (done.status_code, done.json().get("id")) == (200, str(incident)), done.text
        odd = await browser.post(f"/api/incidents/{incident}/plan/Ring%20upp", json={"outcome": "done"})
        assert (odd.status_code, odd.json()["reason"]) == (422, "invalid")
        house.commands.failure = Refused("silent")
        silent = await browser.post(f"/api/incidents/{incident}/message", json={"to": "wearer", "text": "Hej"})
        assert (silent.status_code, silent.json()["reason"]) == (409, "silent")
    assert house.commands.asked[:2] == [
        ("record_step", incident, desk, "call", StepRecord(StepOutcome.NOT_POSSIBLE, "svarar inte"), sight),
        ("send_message", incident, desk, MessageTo.WEARER, "Vi kommer", sight),
    ]


async def test_a_stand_down_that_leaves_questions_open_names_each(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    house.commands.failure = Unanswered({"injury": "missing", "police_report": "note"})
    body = {"outcome": "real", "closing": [{"key": "police_report", "choice": "not_made"}]}
    async with house.browser("operator.care") as browser:
        refused = await browser.post(f"/api/incidents/{incident}/stand-down", json=body)
    assert (refused.status_code, refused.json()) == (
        422,
        {"reason": "closing", "detail": "", "fields": {"injury": "missing", "police_report": "note"}},
    )
    assert house.commands.asked[0][-1] == (ClosingAnswer("police_report", "not_made"),)


async def test_the_forms_say_what_is_asked_of_which_kind(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        forms = [shapes_plans.ClosingForm.model_validate(one) for one in (await browser.get("/api/closing")).json()]
    asked = {(kind, form.outcome): [field.key for field in form.fields] for form in forms for kind in form.kinds}
    assert asked["panic", "real"] == ["injury", "violence", "police_report", "support", "sent"]
    assert asked["low_battery", "false"] == ["cause"]
    assert ("low_battery", "real") not in asked


async def test_what_was_answered_is_for_those_alone_who_see_all(house: ApiHouse) -> None:
    closing = '{"sent": {"choice": "guard", "note": ""}, "injury": {"choice": "minor", "note": "en arm"}}'
    incident = await annas_alarm(house)
    detail = {"outcome": "real", "closing_injury": "minor", "closing_injury_note": "en arm", "state": "stood_down"}
    await house.town.line(incident, "stood_down", **detail)
    await house.town.connection.execute("UPDATE incidents SET closing = $1::jsonb WHERE id = $2", closing, incident)
    told = {}
    for login in ("operator.care", "responder.care", "worker.care"):
        async with house.browser(login) as browser:
            whole = shapes.IncidentDetail.model_validate((await browser.get(f"/api/incidents/{incident}")).json())
        told[login] = [(one.key, one.choice, one.note) for one in whole.closing], whole.timeline[-1].detail
    bare = {"outcome": "real", "state": "stood_down"}
    assert told == {
        "operator.care": ([("injury", "minor", "en arm"), ("sent", "guard", "")], detail),
        "responder.care": ([], bare),
        "worker.care": ([], bare),
    }
