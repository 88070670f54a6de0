"""A person as helpers need him: read on a ground, written by managers, a face by its own first bytes."""

from __future__ import annotations

import pytest

from larmcentral.api import shapes_persons
from larmcentral.domain.dossier import DossierText, NextOfKin
from tests.larmcentral.api.house import ApiHouse

JPEG, PNG = b"\xff\xd8\xff\xe0" + bytes(20), b"\x89PNG\r\n\x1a\n" + bytes(20)
WEBP, SOUND = b"RIFF\x10\x00\x00\x00WEBPVP8 ", b"RIFF\x10\x00\x00\x00WAVEfmt "


async def test_a_dossier_is_asked_for_on_the_ground_of_an_alarm(house: ApiHouse) -> None:
    incident, url = house.known.ids["incident"], f"/api/persons/{house.anna}/dossier"
    async with house.browser("operator.care") as browser:
        read = shapes_persons.Dossier.model_validate_json((await browser.get(f"{url}?incident={incident}")).content)
        assert (await browser.get(url)).status_code == 200
        assert (await browser.get(f"{url}?incident=larmet")).status_code == 422
    assert (read.notes, read.next_of_kin and read.next_of_kin[0].relation) == ("Epilepsi.", "make")
    operator = house.users["operator.care"]
    assert house.known.dossiers.asked == [(operator, incident), (operator, None)]


async def test_what_helpers_should_know_is_written_whole(house: ApiHouse) -> None:
    url = f"/api/persons/{house.anna}/dossier"
    kin = [{"name": " Bo ", "relation": "make", "phone": "070-1"}, {"name": "Cia", "relation": "", "phone": ""}]
    async with house.browser("manager.care") as browser:
        assert (await browser.put(url, json={"notes": " Epilepsi. ", "next_of_kin": kin})).status_code == 204
        assert (await browser.put(url, json={})).status_code == 204
        for wrong in ({"next_of_kin": kin * 3}, {"notes": "x" * 2001}, {"next_of_kin": [{**kin[0], "name": " "}]}):
            assert (await browser.put(url, json=wrong)).status_code == 422
    text = DossierText(
        notes="Epilepsi.", next_of_kin=(NextOfKin(name="Bo", relation="make", phone="070-1"), NextOfKin(name="Cia"))
    )
    by = house.users["manager.care"]
    assert house.known.dossiers.written == [("save", house.anna, text, by), ("save", house.anna, DossierText(), by)]


@pytest.mark.parametrize(("media_type", "content"), [("image/jpeg", JPEG), ("image/png", PNG), ("image/webp", WEBP)])
async def test_a_photo_is_kept_and_sent_back_as_what_it_is(house: ApiHouse, media_type: str, content: bytes) -> None:
    url = f"/api/persons/{house.anna}/photo"
    house.known.dossiers.picture = (media_type, content)
    async with house.browser("manager.care") as browser:
        assert (await browser.put(url, content=content, headers={"Content-Type": media_type})).status_code == 204
        seen = await browser.get(url)
        assert (await browser.delete(url)).status_code == 204
    assert (seen.content, seen.headers["Content-Type"]) == (content, media_type)
    assert (seen.headers["X-Content-Type-Options"], seen.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert house.known.dossiers.written == [
        ("save_photo", house.anna, media_type, content),
        ("remove_photo", house.anna),
    ]


async def test_a_photo_is_what_its_first_bytes_say_and_at_most_a_megabyte(house: ApiHouse) -> None:
    url = f"/api/persons/{house.anna}/photo"
    wrong = [
        ("image/png", JPEG, 422),
        ("image/webp", SOUND, 422),
        ("image/webp", WEBP[:10], 422),
        ("image/gif", b"GIF89a", 415),
        ("image/svg+xml", b"<svg/>", 415),
        ("image/png", PNG + bytes(1024 * 1024), 413),
    ]
    async with house.browser("manager.care") as browser:
        for media_type, content, status in wrong:
            answer = await browser.put(url, content=content, headers={"Content-Type": media_type})
            assert answer.status_code == status, (media_type, content[:12])
    assert house.known.dossiers.written == []
