import pytest

from escalation.chain import Channel
from escalation.effects import About, ForwardNotice, InHouseNotice, OutwardNotice
from escalation.ids import NoticeId
from escalation.purpose import Purpose
from tests.escalation.cast import ANNA, INCIDENT, sms

POINT = sms(ANNA).point_id


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
def test_a_drill_or_test_cannot_be_made_into_an_outward_notice(purpose: Purpose) -> None:
    with pytest.raises(ValueError, match="cannot leave the house"):
        OutwardNotice(
            id=NoticeId(INCIDENT),
            purpose=purpose,  # type: ignore[arg-type]  # what the type forbids is what we try
            channel=Channel.SMS,
            person_id=ANNA,
            point_id=POINT,
            round=1,
            step=0,
            attempt=1,
        )


def test_an_in_house_notice_takes_no_channel_that_leaves_the_house() -> None:
    with pytest.raises(ValueError, match="build an OutwardNotice"):
        InHouseNotice(
            id=NoticeId(INCIDENT),
            purpose=Purpose.REAL,
            channel=Channel.SMS,
            person_id=ANNA,
            point_id=POINT,
            round=1,
            step=0,
            attempt=1,
        )


def to_centre(purpose: Purpose = Purpose.REAL, about: About = About.ALARM) -> ForwardNotice:
    return ForwardNotice(
        id=NoticeId(INCIDENT),
        purpose=purpose,  # type: ignore[arg-type]  # what the type forbids is what we try
        receiver="nord",
        round=1,
        step=0,
        attempt=1,
        about=about,
    )


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
def test_a_drill_or_test_cannot_be_made_into_a_notice_to_a_centre(purpose: Purpose) -> None:
    with pytest.raises(ValueError, match="cannot leave the house"):
        to_centre(purpose)


@pytest.mark.parametrize("about", [about for about in About if about not in {About.ALARM, About.OVER}])
def test_a_centre_hears_of_alarms_and_of_their_end_alone(about: About) -> None:
    with pytest.raises(ValueError, match="alarms and of their end"):
        to_centre(about=about)


def test_a_notice_to_a_centre_is_to_no_person() -> None:
    notice = to_centre(about=About.OVER)
    assert (notice.channel, notice.person_id, notice.point_id) == (Channel.RECEIVER, None, None)


def test_a_centre_is_nobodys_outward_contact_point() -> None:
    with pytest.raises(ValueError, match="build a ForwardNotice"):
        OutwardNotice(
            id=NoticeId(INCIDENT),
            purpose=Purpose.REAL,
            channel=Channel.RECEIVER,
            person_id=ANNA,
            point_id=POINT,
            round=1,
            step=0,
            attempt=1,
        )


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel.outward])
def test_no_outward_channel_takes_an_in_house_notice_whatever_its_purpose(channel: Channel) -> None:
    for purpose in Purpose:
        with pytest.raises(ValueError, match="leaves the house"):
            InHouseNotice(
                id=NoticeId(INCIDENT),
                purpose=purpose,
                channel=channel,
                person_id=ANNA,
                point_id=POINT,
                round=1,
                step=0,
                attempt=1,
            )
