"""What a person is told beside alarms: that one of his contact points is gone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid5

from escalation.chain import Contact
from escalation.effects import About, InHouseNotice, Notify, OutwardNotice
from escalation.ids import NoticeId
from escalation.incident import Incident
from escalation.purpose import Purpose


def news_of_gone(incident: Incident, lost: NoticeId, left: Sequence[Contact]) -> Notify | None:
    """Return the notice that tells by the best contact point that is left; None if none may be used.

    lost: the notice that found the address gone; the news is named after it, so it is told once.
    left: the person's contact points without the one that is gone, best first.
    """
    real = incident.purpose is Purpose.REAL
    for contact in left:
        notice_id = NoticeId(uuid5(lost, "gone"))
        if not contact.channel.outward and (real or not contact.external):
            return InHouseNotice(
                id=notice_id,
                purpose=incident.purpose,
                channel=contact.channel,
                person_id=contact.person_id,
                point_id=contact.point_id,
                round=incident.round,
                step=incident.next_step,
                attempt=0,
                about=About.POINT_GONE,
            )
        if contact.channel.outward and real:
            return OutwardNotice(
                id=notice_id,
                purpose=Purpose.REAL,
                channel=contact.channel,
                person_id=contact.person_id,
                point_id=contact.point_id,
                round=incident.round,
                step=incident.next_step,
                attempt=0,
                about=About.POINT_GONE,
            )
    return None
