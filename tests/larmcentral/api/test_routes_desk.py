"""Places at the desk and shift changes, as operators take them."""

from __future__ import annotations

from escalation.events import Operator
from escalation.ids import CommitteeId, OrganisationId, UserId
from escalation.incident import Refused
from larmcentral.api import shapes_desk
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.errors import StoreUnavailable
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse


async def test_an_operator_sits_down_and_is_seen_there(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        assert (await browser.post("/api/desk")).status_code == 204
        [seat] = (await browser.get("/api/desk")).json()
        assert shapes_desk.DeskSeat.model_validate(seat).load == 2
        assert (await browser.delete("/api/desk")).status_code == 204
    user = UserId(house.users["operator.care"])
    at_desk = AtDesk(
        organisation_id=OrganisationId(house.town.organisation),
        committees=frozenset({CommitteeId(house.care)}),
        operator=Operator(user),
        name="Operator.Care",
        since=NOON,
        seen_at=NOON,
    )
    assert house.known.desk.asked == [("sit_down", at_desk), ("leave", user)]


async def test_the_picture_says_how_much_there_is_for_how_many(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        picture = shapes_desk.DeskPicture.model_validate_json((await browser.get("/api/desk/picture")).content)
    assert (picture.at, picture.flood, picture.per_operator, picture.seats[0].alarms_10_min) == (NOON, True, 11.0, 1)


async def test_logging_out_leaves_the_desk_and_only_an_operator_has_a_place_there(house: ApiHouse) -> None:
    for login in ("manager.care", "operator.care"):
        async with house.browser(login) as browser:
            assert (await browser.delete("/api/session")).status_code == 204
            assert (await browser.delete("/api/session")).status_code == 204
    assert house.known.desk.asked == [("leave", house.users["operator.care"])]


async def test_who_could_not_leave_the_desk_is_still_logged_in_and_tries_again(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        house.known.desk.failure = StoreUnavailable("away")
        assert (await browser.delete("/api/session")).status_code == 503
        house.known.desk.failure = None
        assert (await browser.get("/api/me")).status_code == 200
        assert (await browser.delete("/api/session")).status_code == 204


async def test_a_shift_change_is_made_listed_and_signed(house: ApiHouse) -> None:
    handover, by = house.known.ids["handover"], Operator(UserId(house.users["operator.care"]))
    async with house.browser("operator.care") as browser:
        made = await browser.post("/api/handovers", json={"to": str(house.users["operator.social"])})
        assert (made.status_code, made.json()) == (201, {"handover_id": str(handover)})
        [row] = (await browser.get("/api/handovers")).json()
        assert shapes_desk.HandoverView.model_validate(row).cases[0].person == "Anna"
        assert (await browser.post(f"/api/handovers/{handover}/sign")).status_code == 204
        house.known.desk.failure = Refused("same_person")
        refused = await browser.post(f"/api/handovers/{handover}/sign")
        assert (refused.status_code, refused.json()["reason"]) == (409, "same_person")
    assert house.known.desk.asked[:2] == [
        ("make_handover", by, house.users["operator.social"]),
        ("sign_handover", handover, by),
    ]
