"""Chains over HTTP: nothing goes live while anything is to be said against it; and who would be called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from escalation.alarm import AlarmKind
from larmcentral.api import shapes_rotas
from larmcentral.domain.views_house import ChainUse
from tests.larmcentral.api.house import ApiHouse


def draft(house: ApiHouse, *steps: dict[str, Any], **wish: Any) -> dict[str, Any]:
    usual = {"targets": [{"person": str(house.bo)}, {"desk": True}], "media": ["push", "console"], "wait_s": 60}
    chain = {"name": "Omsorg", "steps": list(steps) or [usual]}
    return {"committee_id": str(house.care), "version": 4, "chain": chain, **wish}


async def test_a_chain_without_complaints_goes_live_for_the_alarms_that_are_named(house: ApiHouse) -> None:
    chain_id = house.known.ids["chain"]
    async with house.browser("manager.care") as browser:
        uses = [{"kind": "fall"}, {}]
        saved = await browser.put(f"/api/chains/{chain_id}", json=draft(house, uses=uses))
        assert (saved.status_code, saved.json()) == (200, {"version": 5})
        read = shapes_rotas.ChainView.model_validate_json((await browser.get(f"/api/chains/{chain_id}")).content)
        assert (read.version, read.chain["name"]) == (4, "Omsorg")
        again = await browser.put(f"/api/chains/{chain_id}", json=draft(house) | {"chain": read.chain})
        assert again.status_code == 200, again.text
    committee, chain, found, by = house.known.chains.written[0]
    assert (committee, chain.id, chain.version) == (house.care, chain_id, 4)  # type: ignore[attr-defined]
    assert found == (ChainUse(unit_id=None, kind="fall"), ChainUse(unit_id=None, kind=None))
    assert by == house.users["manager.care"]


async def test_complaints_are_told_and_hold_a_chain_back(house: ApiHouse) -> None:
    short = {"targets": [{"person": str(house.bo)}], "media": ["push"], "wait_s": 0.1}
    async with house.browser("manager.care") as browser:
        told = (await browser.post("/api/chains/complaints", json=draft(house, short))).json()
        kinds = [shapes_rotas.ComplaintView.model_validate(one).kind for one in told]
        assert {"no_desk", "wait_too_short"} <= set(kinds)
        refused = await browser.put(f"/api/chains/{house.known.ids['chain']}", json=draft(house, short))
        assert (refused.status_code, refused.json()["reason"]) == (409, "complaints")
        assert len(refused.json()["fields"]) == len(told)
        assert any(value.startswith("step=0 seconds=0.1") for value in refused.json()["fields"].values())
        assert (await browser.post("/api/chains/complaints", json=draft(house))).json() == []
    assert house.known.chains.written == []


async def test_every_medium_and_a_persons_own_order_may_be_written_and_a_centre_must_be_known(house: ApiHouse) -> None:
    media = ["push", "sms", "voice", "mail", "teams", "webhook", "pager", "console"]
    everything = {
        "targets": [{"person": str(house.bo)}, {"receiver": "unheard_of"}, {"desk": True}],
        "media": media,
        "wait_s": 60,
        "own_order": False,
    }
    async with house.browser("manager.care") as browser:
        told = (await browser.post("/api/chains/complaints", json=draft(house, everything))).json()
        assert told == [{"kind": "no_such_receiver", "where": {"step": 0}, "fields": {"receiver": "unheard_of"}}]
        known = draft(
            house, everything | {"targets": [{"person": str(house.bo)}, {"receiver": "nord"}, {"desk": True}]}
        )
        assert (await browser.put(f"/api/chains/{house.known.ids['chain']}", json=known)).status_code == 200
    [(_, written, _, _)] = house.known.chains.written
    (only,) = written.steps  # type: ignore[attr-defined]
    assert ([medium.value for medium in only.media], only.own_order) == (media, False)


async def test_what_is_no_chain_is_invalid_and_says_why(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        for chain in ({"name": "x"}, {"name": "x", "steps": [{}]}, {"name": "x", "steps": 7}):
            refused = await browser.post("/api/chains/complaints", json=draft(house) | {"chain": chain})
            assert (refused.status_code, list(refused.json()["fields"])) == (422, ["chain"]), refused.text
        elsewhere = await browser.post("/api/chains/complaints", json=draft(house, committee_id=str(house.social)))
        assert elsewhere.status_code == 404


async def test_who_wrote_on_top_of_an_old_version_is_told(house: ApiHouse) -> None:
    house.known.chains.collides = True
    async with house.browser("manager.care") as browser:
        refused = await browser.put(f"/api/chains/{house.known.ids['chain']}", json=draft(house))
    assert (refused.status_code, refused.json()["reason"]) == (409, "changed_meanwhile")


async def test_a_dry_run_says_who_would_be_called_and_when(house: ApiHouse) -> None:
    asked = {"person_id": str(house.anna), "kind": "fall", "at": "2026-11-28T02:00:00+01:00", "silent": "true"}
    async with house.browser("operator.care") as browser:
        calls = (await browser.get("/api/dry-run", params=asked)).json()
        assert (await browser.get("/api/dry-run", params={**asked, "kind": "gas"})).status_code == 422
    told = [shapes_rotas.DryCall.model_validate(call) for call in calls]
    assert [(one.after_s, one.what, one.person) for one in told] == [(0.0, "told", "Bo"), (60.0, "used_up", None)]
    at = datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert house.known.dry_runs.asked == [
        ("who_would_be_called", house.anna, None, house.care, AlarmKind.FALL, True, at)
    ]


async def test_who_has_several_committees_says_which(house: ApiHouse) -> None:
    await house.town.user("both", "manager", house.care, house.social)
    async with house.browser("both") as browser:
        missing = await browser.get("/api/dry-run?kind=fall")
        assert (missing.status_code, missing.json()["fields"]) == (422, {"committee_id": "missing"})
        assert (await browser.get(f"/api/dry-run?kind=fall&committee_id={house.care}")).status_code == 200
        assert (await browser.get(f"/api/dry-run?kind=fall&committee_id={house.anna}")).status_code == 404
