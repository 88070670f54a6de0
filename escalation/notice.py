"""One notice to one contact point of a person, made the way its channel and the incident's purpose allow."""

from __future__ import annotations

from escalation.chain import Contact
from escalation.effects import About, InHouseNotice, OutwardNotice
from escalation.ids import NoticeId
from escalation.purpose import Purpose


def notice_to(
    contact: Contact,
    notice_id: NoticeId,
    purpose: Purpose,
    *,
    round: int,
    step: int,
    attempt: int,
    about: About,
    words: str = "",
) -> InHouseNotice | OutwardNotice:
    """Return the notice. A drill or a test that is handed an outward contact point is our bug, and stops here.

    words: of a MESSAGE alone.
    """
    if contact.channel.outward:
        assert purpose is Purpose.REAL, "a drill or a test cannot leave the house"
        return OutwardNotice(
            id=notice_id,
            purpose=purpose,
            channel=contact.channel,
            person_id=contact.person_id,
            point_id=contact.point_id,
            round=round,
            step=step,
            attempt=attempt,
            about=about,
            words=words,
        )
    return InHouseNotice(
        id=notice_id,
        purpose=purpose,
        channel=contact.channel,
        person_id=contact.person_id,
        point_id=contact.point_id,
        round=round,
        step=step,
        attempt=attempt,
        about=about,
        words=words,
    )
