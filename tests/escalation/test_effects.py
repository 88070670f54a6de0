import pytest

from escalation.chain import Channel
from escalation.effects import InHouseNotice, OutwardNotice
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
