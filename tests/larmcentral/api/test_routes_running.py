"""What an operator makes a running incident do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.chain import (
    BuildingTarget,
    DeskTarget,
    ManagerTarget,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    TeamTarget,
)
from escalation.events import Operator
from escalation.ids import PersonId, RotaId, TeamId, UserId
from escalation.incident import Refused
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def test_each_command_carries_what_was_said_and_answers_with_the_incident(house: ApiHouse) -> None:
    incident, other = await annas_alarm(house), await house.town.incident(house.care, purpose="drill")
    colleague = house.users["operator.social"]
    async with house.browser("operator.care") as browser:
        for what, body in (
            ("jump", {"step": 1}),
            ("hold", {"wait_s": 90.5}),
            ("merge", {"into": str(other)}),
            ("hand-over", {"to": str(colleague)}),
            ("put-back", None),
            ("sos-call", {"what": "case_number", "text": " 26-1947 "}),
        ):
            done = await browser.post(f"/api/incidents/{incident}/{what}", json=body)
            assert (done.status_code, done.json().get("id")) == (200, str(incident)), what
    by, sight = Operator(UserId(house.users["operator.care"])), {house.care}
    assert house.commands.asked == [
        ("jump", incident, by, 1, sight),
        ("hold", incident, by, timedelta(seconds=90.5), sight),
        ("merge", incident, other, by, sight),
        ("hand_over", incident, by, colleague, sight),
        ("put_back", incident, by, sight),
        ("stamp", incident, by, "case_number", "26-1947", sight),
    ]


async def test_every_kind_of_target_can_be_added_and_nobody_twice(house: ApiHouse) -> None:
    incident, team, rota = await annas_alarm(house), UUID(int=1), UUID(int=2)
    named: list[dict[str, Any]] = [
        {"person": str(house.bo)},
        {"team": str(team)},
        {"oncall": str(rota)},
        {"nearest": {"count": 3, "within_m": 2000}},
        {"building": True},
        {"manager": True},
        {"desk": True},
        {"receiver": "nord"},
        {"person": str(house.bo)},
    ]
    async with house.browser("operator.care") as browser:
        done = await browser.post(f"/api/incidents/{incident}/add", json={"targets": named})
        assert done.status_code == 200, done.text
    [(_, _, _, targets, _)] = house.commands.asked
    assert targets == (
        PersonTarget(PersonId(house.bo)),
        TeamTarget(TeamId(team)),
        OnCallTarget(RotaId(rota)),
        NearestTarget(3, 2000),
        BuildingTarget(),
        ManagerTarget(),
        DeskTarget(),
        ReceiverTarget("nord"),
    )


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("jump", {"step": -1}),
        ("hold", {"wait_s": 601}),
        ("hold", {"wait_s": 0}),
        ("add", {"targets": []}),
        ("add", {"targets": [{}]}),
        ("add", {"targets": [{"desk": True, "manager": True}]}),
        ("add", {"targets": [{"receiver": "unheard_of"}]}),
        ("sos-call", {"what": "112"}),
    ],
)
async def test_what_cannot_be_meant_is_invalid(house: ApiHouse, what: str, body: dict[str, Any]) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        assert (await browser.post(f"/api/incidents/{incident}/{what}", json=body)).status_code == 422
    assert house.commands.asked == []


async def test_merging_into_what_he_does_not_see_is_as_if_it_were_not_there(house: ApiHouse) -> None:
    incident, hidden = await annas_alarm(house), await house.town.incident(house.social)
    async with house.browser("operator.care") as browser:
        merged = await browser.post(f"/api/incidents/{incident}/merge", json={"into": str(hidden)})
    assert merged.status_code == 404
    assert house.commands.asked == []


async def test_a_refusal_says_which_rule(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    house.commands.failure = Refused("held_enough")
    async with house.browser("operator.care") as browser:
        refused = await browser.post(f"/api/incidents/{incident}/hold", json={"wait_s": 60})
    assert (refused.status_code, refused.json()["reason"]) == (409, "held_enough")
