"""Taking an incident out: a document that verifies, and a printed one, each in its reader's language."""

from __future__ import annotations

from larmcentral.domain.case_proof import judge, read_case
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def told(house: ApiHouse) -> str:
    """Where Anna's alarm is taken out; its row says where its account ends."""
    incident = await annas_alarm(house)
    await house.town.connection.execute(
        "UPDATE incidents i SET last_hash = t.hash FROM timeline t WHERE t.incident_id = i.id AND t.seq = i.entries"
    )
    return f"/api/incidents/{incident}"


async def test_the_document_verifies_and_is_saved_under_the_number(house: ApiHouse) -> None:
    url = await told(house)
    async with house.browser("manager.care") as browser:
        got = await browser.get(f"{url}/export.json")
    verdict = judge(read_case(got.content))
    assert (verdict.faults, verdict.entries) == ((), 1)
    said = read_case(got.content)
    number = said["head"]["number"]
    assert got.headers["Content-Disposition"] == f'attachment; filename="larm-{number}.json"'
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["Cache-Control"] == "no-store"
    assert said["facts"]["incident"]["person"]["name"] == "Anna"
    assert [one["person"] for one in said["notices"]] == []
    assert len(said["signals"]) == 2


async def test_print_comes_in_the_readers_language_or_the_one_he_asks_for(house: ApiHouse) -> None:
    url = await told(house)
    async with house.browser("operator.care") as browser:
        got = await browser.get(f"{url}/export.pdf")
        assert (await browser.get(f"{url}/export.pdf?language=en&redacted=true")).status_code == 200
        assert (await browser.get(f"{url}/export.pdf?language=de")).status_code == 422
    number = got.headers["Content-Disposition"].partition("larm-")[2].removesuffix('.pdf"')
    assert (got.headers["Content-Type"], got.content) == ("application/pdf", b"%PDF-1.7")
    assert house.press.asked == [(number, "sv", False), (number, "en", True)]


async def test_a_press_that_is_busy_says_when_to_come_again(house: ApiHouse) -> None:
    url = await told(house)
    house.press.busy = True
    async with house.browser("manager.care") as browser:
        got = await browser.get(f"{url}/export.pdf")
    assert (got.status_code, got.json()["reason"], got.headers["Retry-After"]) == (429, "too_many", "10")


async def test_every_copy_is_on_record_and_another_committees_is_not_there(house: ApiHouse) -> None:
    url = await told(house)
    async with house.browser("manager.social") as browser:
        for form in ("json", "pdf"):
            assert (await browser.get(f"{url}/export.{form}")).status_code == 404
    assert await house.town.connection.fetchval("SELECT count(*) FROM access_log") == 0
    async with house.browser("manager.care") as browser:
        await browser.get(f"{url}/export.json")
    taken = await house.town.connection.fetch("SELECT user_id, person_id FROM access_log WHERE action = 'taken_out'")
    assert [tuple(row) for row in taken] == [(house.users["manager.care"], house.anna)]
