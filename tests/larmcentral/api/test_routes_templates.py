"""Words: ours beside a committee's own, checked before they are kept."""

from __future__ import annotations

from typing import Any

import pytest

from larmcentral.api import shapes_templates
from tests.larmcentral.api.house import ApiHouse

WHO_AND_WHERE = "Märta-Lisa Lindqvist, Kyrkogatan 15, Hemtjänst Norra"
SMS = {"medium": "sms", "body": "Kom! {subject}, {place}."}


async def test_ours_and_theirs_are_read_with_made_up_names_in_them(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        response = await browser.get("/api/templates?kind=fall")
    shelf = shapes_templates.TemplateShelfView.model_validate_json(response.content)
    ours = {(one.medium, one.silent, one.language): one.rendered for one in shelf.own}
    assert len(ours) == 7 * 2 * 2
    sms = ours["sms", False, "sv"]
    assert sms.body == "FALLARM. Märta-Lisa Lindqvist, Kyrkogatan 15, Hemtjänst Norra, kl. 14:02."
    assert (sms.counted, sms.most, sms.unit, sms.title) == (len(sms.body), 160, "septets", None)
    assert ours["mail", True, "en"].title == f"SILENT ALARM: Fall alarm – {WHO_AND_WHERE}"
    for rendered in ours.values():
        assert rendered.counted <= rendered.most
    [kept] = shelf.kept
    assert (kept.kind, kept.body, kept.version) == ("fall", "Fall! Spring till {subject}, {place}.", 1)
    assert kept.rendered is not None
    assert kept.rendered.body == "Fall! Spring till Märta-Lisa Lindqvist, Kyrkogatan 15, Hemtjänst Norra."
    assert {one.name for one in shelf.placeholders} == {"kind", "subject", "place", "time", "lateness", "advice"}


async def test_words_are_kept_with_their_version_and_taken_back(house: ApiHouse) -> None:
    draft = {"committee_id": str(house.care), **SMS}
    async with house.browser("manager.care") as browser:
        assert (await browser.put("/api/templates", json=draft)).json() == {"version": 1}
        again = await browser.put("/api/templates", json=draft)
        assert (again.status_code, again.json()["reason"]) == (409, "changed_meanwhile")
        assert (await browser.put("/api/templates", json={**draft, "version": 1})).json() == {"version": 2}
        kept = (await browser.get("/api/templates")).json()["kept"]
        [new] = [one for one in kept if one["kind"] is None]
        assert (await browser.delete(f"/api/templates/{new['id']}")).status_code == 204
        assert (await browser.delete(f"/api/templates/{new['id']}")).status_code == 404


async def test_words_with_a_complaint_are_not_kept(house: ApiHouse) -> None:
    draft = {"committee_id": str(house.care), "medium": "sms", "silent": True, "body": "{who} {subject}"}
    async with house.browser("manager.care") as browser:
        response = await browser.put("/api/templates", json=draft)
    assert (response.status_code, response.json()["reason"]) == (409, "complaints")
    assert response.json()["fields"] == {"0.body.unknown_placeholder": "name=who", "1.body.advice_missing": ""}
    assert len(house.known.templates.kept) == 1


async def test_words_are_written_within_ones_own_committees(house: ApiHouse) -> None:
    [template] = house.known.templates.kept
    async with house.browser("manager.social") as browser:
        response = await browser.put("/api/templates", json={"committee_id": str(house.care), **SMS})
        assert response.status_code == 404
        assert (await browser.delete(f"/api/templates/{template}")).status_code == 404
        assert (await browser.get("/api/templates")).json()["kept"] == []


@pytest.mark.parametrize(
    ("draft", "faults", "body"),
    [
        (SMS, [], f"Kom! {WHO_AND_WHERE}."),
        ({**SMS, "body": "{subject} " * 9}, [("too_long", "body")], ("Märta-Lisa Lindqvist " * 9).strip()),
        ({**SMS, "body": ""}, [("empty", "body")], ""),
        ({**SMS, "body": "{who}"}, [("unknown_placeholder", "body")], None),
        (
            {**SMS, "medium": "mail"},
            [("title_missing", "title")],
            f"Kom! {WHO_AND_WHERE}.",
        ),
        (
            {**SMS, "medium": "voice", "language": "en", "body": "At {time}, {lateness}: {kind}"},
            [],
            "At 14:02, 119 minutes old when it came: Alarm device tampered with",
        ),
    ],
)
async def test_a_draft_is_tried_without_being_kept(
    house: ApiHouse, draft: dict[str, Any], faults: list[tuple[str, str]], body: str | None
) -> None:
    async with house.browser("admin.care") as browser:
        response = await browser.post("/api/templates/preview", json=draft)
    preview = shapes_templates.TemplatePreview.model_validate_json(response.content)
    assert [(one.fault, one.part) for one in preview.complaints] == faults
    assert (None if preview.rendered is None else preview.rendered.body) == body
    assert len(house.known.templates.kept) == 1


async def test_a_text_that_is_too_long_says_by_how_much(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        response = await browser.post("/api/templates/preview", json={**SMS, "body": "ł" * 71})
    preview = shapes_templates.TemplatePreview.model_validate_json(response.content)
    assert [one.fields for one in preview.complaints] == [{"counted": "71", "most": "70", "unit": "utf16"}]
    assert preview.rendered is not None
    assert (preview.rendered.counted, preview.rendered.most, preview.rendered.unit) == (71, 70, "utf16")
