"""Tests of channels, their settings, and the link in a mail that asks before it proves."""

from __future__ import annotations

import json

from escalation.chain import Channel
from larmcentral.api import shapes_points
from larmcentral.api.routes_service_messages import pages
from larmcentral.api.settings import ApiSettings, ChannelSetting
from tests.larmcentral.api.house import ApiHouse


async def test_what_came_back_is_read_by_who_asked(house: ApiHouse) -> None:
    for login in ("responder.care", "manager.care"):
        async with house.browser(login) as browser:
            told = await browser.get(f"/api/service-messages/{house.known.ids['message']}")
        view = shapes_points.ServiceMessageView.model_validate_json(told.content)
        assert (view.state, view.provider, view.seconds, view.answer) == ("delivered", "46elks", 0.4, "created")
    async with house.browser("worker.social") as browser:
        assert (await browser.get(f"/api/service-messages/{house.known.ids['message']}")).status_code == 404


async def test_a_channel_is_tested_by_one_of_its_points(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        body = {"point_id": str(house.known.ids["point"])}
        asked = await browser.post("/api/channels/sms/test", json=body)
        nowhere = await browser.post("/api/channels/receiver/test", json=body)
    assert (asked.status_code, asked.json()) == (201, {"message_id": str(house.known.ids["message"])})
    assert nowhere.status_code == 422
    [(what, point, channel, _)] = house.known.point_commands.asked
    assert (what, point, channel) == ("ask_test", house.known.ids["point"], Channel.SMS)


async def test_every_channel_has_its_page_of_settings(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        listed = [
            shapes_points.ChannelView.model_validate_json(json.dumps(one))
            for one in (await browser.get("/api/channels")).json()
        ]
    assert [one.channel for one in listed] == [one.value for one in Channel if one is not Channel.CONSOLE]
    sms = next(one for one in listed if one.channel == "sms")
    assert (sms.proven, sms.unproven, sms.retired) == (1, 2, 1)
    assert sms.last_test is not None


def test_a_page_names_its_providers_in_their_order_with_what_is_no_secret() -> None:
    settings = ApiSettings(
        version="1",
        channels=(
            ChannelSetting("46elks", Channel.SMS, (("sender", "Larm"),)),
            ChannelSetting("mail", Channel.MAIL),
            ChannelSetting("smpp", Channel.SMS, (("host", "smsc.example"),)),
        ),
    )
    page = next(one for one in pages(settings, {}) if one.channel == "sms")
    assert [(one.provider, one.facts) for one in page.providers] == [
        ("46elks", {"sender": "Larm"}),
        ("smpp", {"host": "smsc.example"}),
    ]
    assert (page.proven, page.last_test) == (0, None)


async def test_following_the_link_proves_nothing_until_the_button_is_pressed(house: ApiHouse) -> None:
    """A mail scanner opens every link, without a session and without our header."""
    async with house.browser() as browser:
        del browser.headers["X-Larm"]
        opened = await browser.get("/api/proofs/the-right-key")
        assert (opened.status_code, opened.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<form method="post">' in opened.text
        assert house.known.point_commands.asked == []
        pressed = await browser.post("/api/proofs/the-right-key")
        assert (pressed.status_code, "bekräftad" in pressed.text) == (200, True)
        wrong = await browser.post("/api/proofs/another")
        assert (wrong.status_code, "gäller inte" in wrong.text) == (404, True)
    assert house.known.point_commands.asked == [("give_key", "the-right-key"), ("give_key", "another")]
