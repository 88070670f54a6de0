"""What people are told beside alarms: somebody goes there, you need not come, it is over, a phone of yours is gone.

News asks nobody to answer, so nothing waits for it and nobody counts as rung by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import uuid5

from escalation.chain import Contact, ManagerTarget, Roster
from escalation.draft import Draft
from escalation.effects import About, Notify
from escalation.ids import ContactPointId, NoticeId, PersonId
from escalation.incident import Incident, ResponderState
from escalation.notice import notice_to
from escalation.reach import contacts_of, in_house, living, may_use, rung_by


def news_of_gone(incident: Incident, lost: NoticeId, left: Sequence[Contact]) -> Notify | None:
    """Return the notice that tells by the best contact point that is left; None if none may be used.

    lost: the notice that found the address gone; the news is named after it, so it is told once.
    left: the person's contact points without the one that is gone, best first.
    """
    best = next(iter(living([contact for contact in left if may_use(contact, incident.purpose)])), None)
    if best is None:
        return None
    return notice_to(
        best,
        NoticeId(uuid5(lost, "gone")),
        incident.purpose,
        round=incident.round,
        step=incident.next_step,
        attempt=0,
        about=About.POINT_GONE,
    )


def tell_of_going(draft: Draft, roster: Roster) -> None:
    """Tell all who were told and have not answered that somebody goes there: once, by their apps alone."""
    if draft.going_told:
        return
    draft.going_told = True
    silent = [one.person_id for one in draft.responders.values() if one.state is ResponderState.NOTIFIED]
    for points in contacts_of(silent, roster, draft.purpose).values():
        for contact in living(in_house(points))[:1]:
            draft.tell(contact, About.GOING)


def tell_of_release(draft: Draft, released: Iterable[PersonId], roster: Roster) -> None:
    """Tell those who need not come, on the contact points where they were rung."""
    for person_id, points in contacts_of(released, roster, draft.purpose).items():
        responder = draft.responders[person_id]
        if not responder.attempts or responder.step >= len(draft.chain.steps):
            continue
        for contact in rung_by(draft.chain.steps[responder.step], responder.used, points):
            draft.tell(contact, About.RELEASED)


def tell_of_end(draft: Draft, persons: Iterable[PersonId], roster: Roster) -> None:
    """Tell people that it is over: by the best of their apps, by the best of what they have where there is none."""
    for points in contacts_of(persons, roster, draft.purpose).values():
        usable = living(points)
        for contact in (in_house(usable) or usable)[:1]:
            draft.tell(contact, About.OVER)


def tell_managers(draft: Draft, about: About, roster: Roster) -> None:
    """Tell the managers of the unit on every contact point that answers and the purpose allows; never the wearer."""
    points: defaultdict[PersonId, dict[ContactPointId, Contact]] = defaultdict(dict)
    for one in roster.contacts.get(ManagerTarget(), ()):
        if one.person_id != draft.subject and may_use(one, draft.purpose):
            points[one.person_id].setdefault(one.point_id, one)
    for of_one in points.values():
        for contact in living([*of_one.values()]):
            draft.tell(contact, about)
