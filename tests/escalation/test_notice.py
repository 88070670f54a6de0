import pytest

from escalation.chain import Channel, Contact
from escalation.effects import About, InHouseNotice, OutwardNotice
from escalation.ids import NoticeId
from escalation.notice import notice_to
from escalation.purpose import Purpose
from tests.escalation.cast import ANNA, INCIDENT, push, sms


def to(contact: Contact, purpose: Purpose = Purpose.REAL) -> InHouseNotice | OutwardNotice:
    return notice_to(contact, NoticeId(INCIDENT), purpose, round=2, step=1, attempt=3, about=About.OVER)


def test_the_channel_says_whether_a_notice_leaves_the_house() -> None:
    assert to(push(ANNA)) == InHouseNotice(
        id=NoticeId(INCIDENT),
        purpose=Purpose.REAL,
        channel=Channel.FCM,
        person_id=ANNA,
        point_id=push(ANNA).point_id,
        round=2,
        step=1,
        attempt=3,
        about=About.OVER,
    )
    assert to(sms(ANNA)) == OutwardNotice(
        id=NoticeId(INCIDENT),
        purpose=Purpose.REAL,
        channel=Channel.SMS,
        person_id=ANNA,
        point_id=sms(ANNA).point_id,
        round=2,
        step=1,
        attempt=3,
        about=About.OVER,
    )


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
def test_a_drill_or_test_gets_no_notice_that_leaves_the_house(purpose: Purpose) -> None:
    assert isinstance(to(push(ANNA), purpose), InHouseNotice)
    with pytest.raises(AssertionError, match="cannot leave the house"):
        to(sms(ANNA), purpose)
