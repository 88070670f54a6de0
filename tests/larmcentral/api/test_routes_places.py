"""Places: what a manager writes down is what a colleague at the door reads."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from escalation.chain import Risk
from escalation.ids import PlaceId
from larmcentral.api import shapes_places
from larmcentral.api.bodies import INERT
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.place import Area, Place
from larmcentral.domain.register import SitePlan
from tests.larmcentral.api.house import ApiHouse


async def test_a_place_is_chosen_by_a_part_of_its_name_and_read_whole_at_the_desk(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    async with house.browser("worker.care") as browser:
        [row] = (await browser.get("/api/places?part=Stor")).json()
        assert shapes_places.PlaceChoice.model_validate(row).risk == "evident"
        assert (await browser.get("/api/places?part=Kyrk")).json() == []
    async with house.browser("operator.care") as browser:
        whole = shapes_places.PlaceView.model_validate_json((await browser.get(f"/api/places/{place}")).content)
    assert (whole.door_code, whole.flag and whole.flag.ground) == ("1947", "hot i maj")


async def test_a_place_is_entered_with_all_that_is_said_of_it(house: ApiHouse) -> None:
    new = UUID(int=1)
    body = {"committee_id": str(house.care), "name": " Kyrkogatan 2 ", "floor": "2 tr", "lat": 57.8, "lon": 11.9}
    async with house.browser("manager.care") as browser:
        assert (await browser.put(f"/api/places/{new}", json=body)).status_code == 204
        half = await browser.put(f"/api/places/{new}", json={**body, "lon": None})
        assert (half.status_code, half.json()["fields"]) == (422, {"lat": "both_or_neither"})
        within = await browser.put(f"/api/places/{new}", json={**body, "building_id": str(new)})
        assert (within.status_code, within.json()["fields"]) == (422, {"building_id": "itself"})
        elsewhere = await browser.put(f"/api/places/{new}", json={**body, "committee_id": str(house.social)})
        assert elsewhere.status_code == 404
    place = Place(id=new, name="Kyrkogatan 2", floor="2 tr", lat=57.8, lon=11.9)  # type: ignore[arg-type]  # a bare id
    assert house.known.places.written == [("save", house.care, place)]


async def test_a_flag_needs_an_owner_a_ground_and_a_review_within_ninety_days(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    flag = {"risk": "evident", "owner_id": str(house.bo), "ground": "hot i maj", "review_on": "2027-02-20"}
    async with house.browser("manager.care") as browser:
        assert (await browser.put(f"/api/places/{place}/flag", json=flag)).status_code == 204
        for day, fault in (("2027-02-21", "review_too_far"), ("2026-11-21", "review_past")):
            refused = await browser.put(f"/api/places/{place}/flag", json={**flag, "review_on": day})
            assert (refused.status_code, refused.json()["fields"]) == (422, {"flag": fault})
        assert (await browser.put(f"/api/places/{place}/flag", json={**flag, "ground": " "})).status_code == 422
        assert (await browser.delete(f"/api/places/{place}/flag")).status_code == 204
    assert house.known.places.written == [
        ("set_flag", place, Risk.EVIDENT, house.bo, "hot i maj", date(2027, 2, 20)),
        ("lift_flag", place),
    ]


async def test_a_site_plan_is_kept_and_one_that_could_run_is_only_handed_over(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    picture = b"\x89PNG\r\n\x1a\n" + bytes(4_000_000)
    async with house.browser("manager.care") as browser:
        url = f"/api/places/{place}/plan"
        assert (await browser.put(url, content=picture, headers={"Content-Type": "image/png"})).status_code == 204
        large = await browser.put(url, content=picture * 2, headers={"Content-Type": "image/png"})
        assert (large.status_code, large.json()["reason"]) == (413, "too_large")
        page = await browser.put(url, content=b"<html>", headers={"Content-Type": "text/html"})
        assert (page.status_code, page.json()["reason"]) == (415, "media_type")
        lie = await browser.put(url, content=b"<html>", headers={"Content-Type": "image/png"})
        assert (lie.status_code, lie.json()["fields"]) == (422, {"body": "not_of_its_type"})
        drawn = await browser.get(url)
        assert (await browser.delete(url)).status_code == 204
    assert drawn.content == b"<svg/>"
    assert drawn.headers["Content-Disposition"] == "attachment"
    assert drawn.headers["X-Content-Type-Options"] == "nosniff"
    assert drawn.headers["Content-Security-Policy"] == INERT
    kept = SitePlan(place_id=PlaceId(place), media_type="image/png", body=picture)
    assert house.known.places.written == [("save_plan", kept), ("remove_plan", place)]


async def test_a_plan_lies_where_its_edges_are_said_all_of_them_or_none(house: ApiHouse) -> None:
    place, png = house.known.ids["place"], {"Content-Type": "image/png"}
    picture, url = b"\x89PNG\r\n\x1a\n", f"/api/places/{house.known.ids['place']}/plan"
    edges = {"south": 57.86, "west": 11.97, "north": 57.88, "east": 11.99}
    wrong: dict[str, tuple[dict[str, float], dict[str, str]]] = {
        "some": ({"south": 57.86}, {"south": "all_or_none"}),
        "upside down": ({**edges, "north": 57.86}, {"north": "below_south"}),
        "mirrored": ({**edges, "east": 11.9}, {"east": "before_west"}),
    }
    async with house.browser("manager.care") as browser:
        assert (await browser.put(url, content=picture, headers=png, params=edges)).status_code == 204
        for said, fields in wrong.values():
            refused = await browser.put(url, content=picture, headers=png, params=said)
            assert (refused.status_code, refused.json()["fields"]) == (422, fields)
        beyond = await browser.put(url, content=picture, headers=png, params={**edges, "north": 91})
        assert (beyond.status_code, beyond.json()["fields"]) == (422, {"query.north": "less_than_equal"})
    [(_, kept)] = house.known.places.written
    assert kept == SitePlan(
        place_id=PlaceId(place), media_type="image/png", body=picture, bounds=Area(57.86, 11.97, 57.88, 11.99)
    )


async def test_beacons_are_written_down_as_they_are_compared_each_once(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    one, other = {"id": "AC-23-3F-00-00-01", "label": " hall "}, {"id": "ac:23:3f:00:00:01"}
    async with house.browser("manager.care") as browser:
        url = f"/api/places/{place}/beacons"
        assert (await browser.put(url, json={"beacons": [one]})).status_code == 204
        for body, fault in (([one, other], "twice"), ([one, {"id": "::::"}], "no_beacon")):
            refused = await browser.put(url, json={"beacons": body})
            assert (refused.status_code, refused.json()["fields"]) == (422, {"beacons.1.id": fault})
        assert (await browser.put(url, json={"beacons": [{"id": "kök"}]})).status_code == 422
        assert (await browser.put(url, json={"beacons": []})).status_code == 204
    hanging = PlacedBeacon(id="ac233f000001", said="ac-23-3f-00-00-01", label="hall")
    assert house.known.places.written == [("set_beacons", place, hanging), ("set_beacons", place)]


async def test_who_was_there_says_whether_there_was_a_signal(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    async with house.browser("worker.care") as browser:
        assert (await browser.post(f"/api/places/{place}/coverage", json={"good": False})).status_code == 204
    assert house.known.places.written == [("report_coverage", place, False)]
