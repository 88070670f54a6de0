"""Rotas over HTTP: written, read, swapped, exported, and never overwritten by somebody who had not seen them."""

from __future__ import annotations

from typing import Any

from larmcentral.api import shapes_rotas
from tests.larmcentral.api.house import ApiHouse
from tests.larmcentral.api.test_permissions import CALENDAR


def url(house: ApiHouse, what: str = "") -> str:
    return f"/api/rotas/{house.known.ids['rota']}{what}"


def draft(house: ApiHouse, **wish: Any) -> dict[str, Any]:
    layer = {"name": "Först", "persons": [str(house.bo), str(house.anna)], "starts_on": "2026-11-16"}
    return {"committee_id": str(house.care), "version": 1, "name": "Jour", "layers": [layer], **wish}


async def test_a_rota_is_read_as_it_is_written(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        read = shapes_rotas.RotaView.model_validate_json((await browser.get(url(house))).content)
        assert (read.name, read.version, set(read.persons.values())) == ("Jour Nord", 1, {"Anna", "Bo"})
        hours = {"from_hour": "22:00", "to_hour": "06:00", "weekdays": [4], "holidays": "not_holidays"}
        layer = {"name": "Natt", "persons": [str(house.bo)], "starts_on": "2026-11-16", **hours}
        saved = await browser.put(url(house), json=draft(house, layers=[layer]))
        assert (saved.status_code, saved.json()) == (200, {"version": 2})
        again = shapes_rotas.RotaView.model_validate_json((await browser.get(url(house))).content)
    assert again.layers == [shapes_rotas.RotaLayer.model_validate(layer)]


async def test_while_anything_is_said_against_it_nothing_is_kept(house: ApiHouse) -> None:
    empty = {"name": "Tom", "persons": [], "starts_on": "2026-11-16", "length_days": 0}
    async with house.browser("manager.care") as browser:
        refused = await browser.put(url(house), json=draft(house, layers=[empty]))
        assert (refused.status_code, refused.json()["reason"]) == (409, "complaints")
        assert refused.json()["fields"] == {
            "0.empty_layer": "layer=0",
            "1.length_too_short": "layer=0 days=0 least=1",
        }
        half = [{**empty, "from_hour": "22:00"}]
        assert (await browser.put(url(house), json=draft(house, layers=half))).status_code == 422
        elsewhere = [{**empty, "hand_over": "08:00:00+02:00"}]
        assert (await browser.put(url(house), json=draft(house, layers=elsewhere))).status_code == 422
        stranger = [{**empty, "persons": [str(house.social)], "length_days": 7}]
        assert (await browser.put(url(house), json=draft(house, layers=stranger))).status_code == 404
    assert house.known.rotas.written == []


async def test_who_wrote_on_top_of_an_old_version_is_told(house: ApiHouse) -> None:
    house.known.rotas.first = 1
    async with house.browser("manager.care") as browser:
        refused = await browser.put(url(house), json=draft(house))
    assert (refused.status_code, refused.json()["reason"]) == (409, "changed_meanwhile")


async def test_an_override_is_put_on_top_of_what_stands_also_when_somebody_was_first(house: ApiHouse) -> None:
    times = {"from_at": "2026-11-22T20:00:00+01:00", "until_at": "2026-11-23T00:00:00+01:00"}
    body = {"person_id": str(house.anna), "layer": 0, "ground": "vab", **times}
    async with house.browser("operator.care") as browser:
        house.known.rotas.first = 2
        assert (await browser.post(url(house, "/overrides"), json=body)).json() == {"version": 4}
        at = "2026-11-22T20:00:00Z"
        who = shapes_rotas.OnCallView.model_validate_json(
            (await browser.get(url(house, "/on-call"), params={"at": at})).content
        )
        assert ([one.person for one in who.persons], who.holiday) == (["Anna"], False)
        assert (await browser.get(url(house, "/on-call"))).json()["persons"][0]["person"] == "Bo"
        house.known.rotas.first = 3
        refused = await browser.post(url(house, "/overrides"), json=body)
        assert (refused.status_code, refused.json()["reason"]) == (409, "changed_meanwhile")


async def test_who_made_an_override_stays_when_the_rota_is_written_again(house: ApiHouse) -> None:
    one = {
        "person_id": str(house.anna),
        "from_at": "2026-11-22T20:00:00Z",
        "until_at": "2026-11-22T22:00:00Z",
        "layer": 0,
        "ground": "vab",
    }
    other = {**one, "from_at": "2026-11-24T20:00:00Z", "until_at": "2026-11-24T22:00:00Z"}
    async with house.browser("operator.care") as browser:
        await browser.post(url(house, "/overrides"), json=one)
    async with house.browser("manager.care") as browser:
        written = await browser.put(url(house), json=draft(house, version=2, overrides=[one, other]))
        assert written.status_code == 200, written.text
        kept = await browser.put(url(house), json=draft(house, version=3))
        assert kept.status_code == 200, kept.text
    makers = [override.made_by for override in house.known.rotas.standing.overrides]
    assert makers == [house.users["operator.care"], house.users["manager.care"]]


async def test_two_shifts_are_swapped_and_a_shift_that_is_none_is_refused(house: ApiHouse) -> None:
    one, other = {"layer": 0, "at": "2026-12-01T12:00:00Z"}, {"layer": 0, "at": "2026-12-09T12:00:00Z"}
    async with house.browser("operator.care") as browser:
        assert (await browser.post(url(house, "/swaps"), json={"one": one, "other": other})).status_code == 200
        shifts = (
            await browser.get(
                url(house, "/shifts"), params={"from": "2026-11-30T12:00:00Z", "until": "2026-12-14T06:00:00Z"}
            )
        ).json()
        nowhere = {"layer": 3, "at": "2026-12-09T12:00:00Z"}
        refused = await browser.post(url(house, "/swaps"), json={"one": one, "other": nowhere})
        assert (refused.status_code, refused.json()["reason"]) == (409, "no_such_shift")
    names = [shapes_rotas.RotaShift.model_validate(shift).person for shift in shifts]
    assert names == ["Anna", "Bo"]


async def test_gaps_are_told_and_too_long_a_time_is_refused(house: ApiHouse) -> None:
    async with house.browser("responder.care") as browser:
        before = {"from": "2026-11-15T07:00:00Z", "until": "2026-11-17T07:00:00Z"}
        [gap] = (await browser.get(url(house, "/gaps"), params=before)).json()
        assert gap == {"from_at": "2026-11-15T07:00:00Z", "until_at": "2026-11-16T07:00:00Z"}
        far = {"from": "2026-11-15T07:00:00Z", "until": "2036-11-17T07:00:00Z"}
        for what in ("/gaps", "/shifts"):
            refused = await browser.get(url(house, what), params=far)
            assert (refused.status_code, refused.json()["fields"]) == (422, {"until": "too_far"})


async def test_shifts_go_out_as_a_calendar_and_overrides_come_in(house: ApiHouse) -> None:
    files = url(house, "/calendar.ics")
    async with house.browser("manager.care") as browser:
        exported = await browser.get(files)
        assert exported.headers["Content-Type"].startswith("text/calendar")
        assert b"SUMMARY:Bo" in exported.content
        calendar = {"Content-Type": "text/calendar; charset=utf-8"}
        taken = await browser.post(files + "?layer=0", content=CALENDAR.encode(), headers=calendar)
        assert (taken.status_code, taken.json()) == (200, {"version": 2})
        unknown = CALENDAR.replace("SUMMARY:Anna", "SUMMARY:Nobody").encode()
        refused = await browser.post(files, content=unknown, headers=calendar)
        assert (refused.status_code, refused.json()["reason"]) == (409, "calendar_unknown_person")
        assert refused.json()["fields"] == {"event": "1", "said": "Nobody"}
    [override] = house.known.rotas.standing.overrides
    assert (override.person_id, override.layer, override.ground) == (house.anna, 0, "calendar")
