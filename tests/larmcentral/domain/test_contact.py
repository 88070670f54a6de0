"""What may be a contact point, how it is proven, and how it does."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.chain import Channel
from escalation.ids import CommitteeId, PersonId, UserId
from larmcentral.domain.contact import (
    KEPT_CHANNELS,
    OWN_CHANNELS,
    AddressFault,
    AddressRefused,
    PointAsker,
    PointHealth,
    ProofBy,
    checked_address,
    health,
    proof_by,
)
from tests.world import an_id

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
# Built, so that no file holds it as something to dial.
EMERGENCY = str(56 + 56)
NOBODYS = (Channel.CONSOLE, Channel.RECEIVER)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


SUBSCRIPTION = {
    "endpoint": "https://push.example/send/abc",
    "expirationTime": None,
    "keys": {"p256dh": b64(b"\x04" + bytes(64)), "auth": b64(bytes(16))},
}


@pytest.mark.parametrize(
    ("channel", "said", "kept"),
    [
        (Channel.SMS, "+46 70-174 06 05", "+46701740605"),
        (Channel.VOICE, "+46(70)1740605", "+46701740605"),
        (Channel.MAIL, " eva.ek@larm.example ", "eva.ek@larm.example"),
        (Channel.APNS, "AB" * 32, "ab" * 32),
        (Channel.FCM, "cXyz-1:APA91b_" + "a" * 100, "cXyz-1:APA91b_" + "a" * 100),
        (Channel.TEAMS, "natt_1", "natt_1"),
        (Channel.WEBHOOK, "vakt", "vakt"),
        (Channel.PAGER, " 4711 ", "4711"),
    ],
)
def test_an_address_is_kept_in_one_form(channel: Channel, said: str, kept: str) -> None:
    assert checked_address(channel, said) == kept


@pytest.mark.parametrize(
    "said",
    [
        EMERGENCY,
        f"+46{EMERGENCY}",
        f"0046{EMERGENCY}",
        f"+46 {EMERGENCY}",
        f"0{EMERGENCY}",
        f"00{EMERGENCY}",
        " 1-1-2 ",
    ],
)
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
def test_the_emergency_number_is_refused_by_name_in_every_form(channel: Channel, said: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        checked_address(channel, said)
    assert refused.value.fault is AddressFault.EMERGENCY


def test_no_pager_and_no_mail_address_is_the_emergency_number() -> None:
    for channel, said in (
        (Channel.PAGER, EMERGENCY),
        (Channel.PAGER, f"00{EMERGENCY}"),
        (Channel.MAIL, f"{EMERGENCY}@x.se"),
    ):
        with pytest.raises(AddressRefused) as refused:
            checked_address(channel, said)
        assert refused.value.fault is AddressFault.EMERGENCY


@pytest.mark.parametrize(
    ("channel", "said", "fault"),
    [
        (Channel.SMS, "0701740605", AddressFault.NUMBER),
        (Channel.SMS, "+460701740605", AddressFault.NUMBER),
        (Channel.SMS, "+4611414", AddressFault.NUMBER),
        (Channel.VOICE, "+46 (0)70 174 06 05", AddressFault.NUMBER),
        (Channel.MAIL, "eva@larm.example\r\nBcc: x@y.example", AddressFault.MAIL),
        (Channel.MAIL, "a" * 64 + "@" + "b" * 200 + ".se", AddressFault.MAIL),
        (Channel.MAIL, "eva ek@larm.example", AddressFault.MAIL),
        (Channel.APNS, "not hex", AddressFault.TOKEN),
        (Channel.FCM, "a b" * 20, AddressFault.TOKEN),
        (Channel.TEAMS, "https://hooks.example/1", AddressFault.HOOK),
        (Channel.PAGER, "47a", AddressFault.PAGER),
        (Channel.CONSOLE, "x", AddressFault.NOBODYS),
        (Channel.RECEIVER, "x", AddressFault.NOBODYS),
    ],
)
def test_what_is_no_address_is_refused_with_its_fault_alone(channel: Channel, said: str, fault: AddressFault) -> None:
    with pytest.raises(AddressRefused) as refused:
        checked_address(channel, said)
    assert (refused.value.fault, said in str(refused.value)) == (fault, False)


def test_of_a_browsers_subscription_only_what_encrypts_is_kept() -> None:
    kept = json.loads(checked_address(Channel.WEB_PUSH, json.dumps(SUBSCRIPTION)))
    assert kept == {"endpoint": SUBSCRIPTION["endpoint"], "keys": SUBSCRIPTION["keys"]}
    assert checked_address(Channel.WEB_PUSH, json.dumps(kept)) == checked_address(
        Channel.WEB_PUSH, json.dumps(SUBSCRIPTION)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example/send"},
        {"endpoint": "https:///send"},
        {"endpoint": "https://me:secret@push.example/"},
        {"endpoint": "https://[::1/"},
        {"keys": {"p256dh": b64(bytes(64)), "auth": b64(bytes(16))}},
        {"keys": {"p256dh": b64(bytes(65)), "auth": "!!"}},
        {"keys": {"p256dh": "å", "auth": "å"}},
        {"keys": None},
    ],
)
def test_a_subscription_that_cannot_be_encrypted_for_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(AddressRefused) as refused:
        checked_address(Channel.WEB_PUSH, json.dumps(SUBSCRIPTION | change))
    assert refused.value.fault is AddressFault.SUBSCRIPTION


@given(st.sampled_from(list(Channel)), st.text(max_size=60))
def test_any_text_is_an_address_or_refused(channel: Channel, said: str) -> None:
    try:
        kept = checked_address(channel, said)
    except AddressRefused:
        return
    assert checked_address(channel, kept) == kept
    assert channel not in NOBODYS


@given(
    st.from_regex(r"(\+46|0046|0{0,4})1[ .-]?1[ .-]?2", fullmatch=True), st.sampled_from([Channel.SMS, Channel.VOICE])
)
def test_no_spelling_of_the_emergency_number_passes(said: str, channel: Channel) -> None:
    with pytest.raises(AddressRefused):
        checked_address(channel, said)


def test_every_channel_of_a_person_has_its_proof_and_somebody_who_may_add_it() -> None:
    for channel in Channel:
        if channel in NOBODYS:
            with pytest.raises(AddressRefused):
                proof_by(channel)
            assert channel not in OWN_CHANNELS | KEPT_CHANNELS
        else:
            assert proof_by(channel) in ProofBy
            assert channel in OWN_CHANNELS | KEPT_CHANNELS


def test_a_house_without_an_address_of_its_own_mails_a_code() -> None:
    assert (proof_by(Channel.MAIL), proof_by(Channel.MAIL, linked=False)) == (ProofBy.LINK, ProofBy.CODE)
    assert proof_by(Channel.FCM, linked=False) is ProofBy.PUSH


@pytest.mark.parametrize(
    ("reached", "failed", "retired", "how"),
    [
        (None, None, None, PointHealth.NEVER),
        (1, None, None, PointHealth.REACHED),
        (1, 0, None, PointHealth.REACHED),
        (1, 1, None, PointHealth.REACHED),
        (0, 1, None, PointHealth.FAILING),
        (None, 0, None, PointHealth.FAILING),
        (1, None, 2, PointHealth.RETIRED),
    ],
)
def test_health_is_what_came_last(
    reached: int | None, failed: int | None, retired: int | None, how: PointHealth
) -> None:
    def at(minute: int | None) -> datetime | None:
        return None if minute is None else NOW + timedelta(minutes=minute)

    assert health(retired_at=at(retired), last_reached_at=at(reached), last_failed_at=at(failed)) is how


def test_an_asker_has_his_own_points_or_those_of_committees() -> None:
    user = UserId(an_id("user"))
    for own, sight in ((None, None), (PersonId(an_id("anna")), frozenset({CommitteeId(an_id("care"))}))):
        with pytest.raises(ValueError, match="his own points or those of committees"):
            PointAsker(user_id=user, own=own, sight=sight)


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
def test_numbers_of_other_countries_are_refused_unless_the_settings_allow_them(channel: Channel) -> None:
    for dear in ("+12025550123", "+882121234567", "+491701234567"):
        with pytest.raises(AddressRefused) as refused:
            checked_address(channel, dear)
        assert refused.value.fault is AddressFault.COUNTRY
        assert dear not in str(refused.value)
    for near in ("+46701740605", "+4790000000", "+4520123456", "+358401234567", "+3545550000"):
        assert checked_address(channel, near) == near
    assert checked_address(channel, "+491701234567", countries=("+46", "+49")) == "+491701234567"
    with pytest.raises(AddressRefused):
        checked_address(channel, "+46101234567", countries=("+467",))
    with pytest.raises(AddressRefused):
        checked_address(channel, "+46701740605", countries=())
