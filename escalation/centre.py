"""Alarm receiving centres: told once of a case and its end; their answer acknowledges nothing.

A centre's receiver answers within milliseconds that it has the message, and nobody has read it by that. So the incident
stays open and the chain goes on, until a person takes it here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from escalation.alarm import AlarmKind
from escalation.draft import Draft
from escalation.effects import About, EntryKind, SystemFault
from escalation.events import ForwardFailed, ForwardTaken
from escalation.incident import Forward, ForwardState, Incident

_UNANSWERED: Final = frozenset({ForwardState.FILED, ForwardState.UNREACHED})
_STANDING: Final = frozenset({ForwardState.FILED, ForwardState.TAKEN})
_ANSWERED: Final = frozenset({ForwardState.TAKEN, ForwardState.IN_TEST})
_AGAIN: Final = frozenset({ForwardState.FAILED, ForwardState.WITHDRAWN, ForwardState.IN_TEST})


def hand_over(draft: Draft, receivers: Iterable[str]) -> None:
    """Tell centres of the case. One that was told is told again of a graver kind, and where the former came to nothing.

    What is still being tried is not filed twice; where it was told already, the timeline says so.
    """
    for receiver in receivers:
        before = draft.forwards.get(receiver)
        if before is not None and not _due(before, draft.kind):
            draft.write(EntryKind.RECEIVER_KNOWS, receiver=receiver, step=draft.step, stands=before.state.value)
            continue
        attempt = 1 if before is None else before.attempt + 1
        draft.forwards[receiver] = Forward(
            receiver=receiver,
            notice_id=draft.tell_centre(receiver, attempt, About.ALARM),
            kind=draft.kind,
            state=ForwardState.FILED,
            attempt=attempt,
            took=before is not None and before.took,
            lost=before is not None and before.may_be_known,
            by_telephone=before is not None and before.by_telephone and not _graver(before, draft.kind),
        )


def take_up(draft: Draft) -> None:
    """Nobody has it in hand any more: what was stopped when somebody took it goes to the centres after all.

    At once, wherever the chain is: its next round may be far off, and no centre is rung again by itself as people are.
    """
    hand_over(draft, [one.receiver for one in draft.forwards.values() if one.state is ForwardState.WITHDRAWN])


def withdraw_all(draft: Draft) -> None:
    """Stop everybody's notices, the centres' too. One that has not answered may have the case all the same."""
    draft.withdraw(None)
    for receiver, before in draft.forwards.items():
        if before.state in _UNANSWERED:
            draft.forwards[receiver] = replace(before, state=ForwardState.WITHDRAWN)


def taken(draft: Draft, event: ForwardTaken) -> None:
    """A centre answered for a notice of ours, the newest or an older one.

    One in test does nothing about it: it does not count as told, and a person must ring them meanwhile.
    """
    before = draft.forwards.get(event.receiver)
    if before is None:
        return
    newest = before.notice_id == event.notice_id
    if event.by_telephone:
        _told_by_telephone(draft, before, event, newest=newest)
        return
    if before.state in _ANSWERED if newest else before.took:
        return
    answered = ForwardState.IN_TEST if event.in_test else ForwardState.TAKEN
    state = answered if newest else before.state
    draft.forwards[event.receiver] = replace(before, state=state, took=True)
    said = {"in_test": "true"} if event.in_test else {}
    draft.write(EntryKind.RECEIVER_TOOK, receiver=event.receiver, path=event.path, **said)
    if event.in_test:
        draft.raise_alarm(SystemFault.RECEIVER_IN_TEST)
        draft.notify_desk()


def unreached(draft: Draft, event: ForwardFailed) -> bool:
    """No path worked: the house and the desk hear of it the first time, as somebody must ring the centre. True then."""
    before = draft.forwards.get(event.receiver)
    if before is None or before.notice_id != event.notice_id or before.state not in _UNANSWERED:
        return False
    state = ForwardState.FAILED if event.lasting else ForwardState.UNREACHED
    draft.forwards[event.receiver] = replace(before, state=state, lost=before.lost or not event.lasting)
    if before.state is ForwardState.UNREACHED:
        return False
    draft.write(EntryKind.RECEIVER_UNREACHED, receiver=event.receiver, lasting=_word(event.lasting))
    draft.raise_alarm(SystemFault.RECEIVER_UNREACHABLE)
    draft.notify_desk()
    return True


def call_off(draft: Draft) -> None:
    """It is over: each centre that may have the case is told, also of what was merged into this one.

    Comes behind the withdrawal, which would stop it too. A centre whose every try was refused has nothing to restore.
    """
    for receiver in dict.fromkeys((*draft.forwards, *draft.absorbed_receivers)):
        before = draft.forwards.get(receiver)
        if before is not None and not before.may_be_known and receiver not in draft.absorbed_receivers:
            continue
        notice_id = draft.tell_centre(receiver, 0, About.OVER)
        told = Forward(receiver, notice_id, draft.kind, ForwardState.FILED) if before is None else before
        draft.forwards[receiver] = replace(
            told, notice_id=notice_id, state=ForwardState.FILED, about=About.OVER, by_telephone=False
        )


def restored(draft: Draft, event: ForwardTaken | ForwardFailed) -> None:
    """Write down what became of a restore. One that is lost for good is a fault: a person must ring the centre."""
    before = draft.forwards.get(event.receiver)
    if before is None or before.about is not About.OVER or before.notice_id != event.notice_id:
        return
    over = About.OVER.value
    match event:
        case ForwardTaken(by_telephone=True):
            if not before.by_telephone:
                draft.forwards[event.receiver] = replace(before, by_telephone=True)
                _write_told(draft, event, about=over)
        case ForwardTaken(path=path):
            if before.state is not ForwardState.TAKEN:
                draft.forwards[event.receiver] = replace(before, state=ForwardState.TAKEN)
                draft.write(EntryKind.RECEIVER_TOOK, receiver=event.receiver, path=path, about=over)
        case ForwardFailed(lasting=lasting):
            state = ForwardState.FAILED if lasting else ForwardState.UNREACHED
            if before.state not in _UNANSWERED or state is before.state:
                return
            draft.forwards[event.receiver] = replace(before, state=state)
            draft.write(EntryKind.RECEIVER_UNREACHED, receiver=event.receiver, lasting=_word(lasting), about=over)
            if lasting:
                draft.raise_alarm(SystemFault.RECEIVER_UNREACHABLE)


def may_answer(draft: Draft, receivers: Iterable[str]) -> bool:
    """True while one of these centres has the case or is being told: its people may ring any moment."""
    return any(draft.forwards[one].state in _STANDING for one in receivers if one in draft.forwards)


def receivers_told(incident: Incident) -> tuple[str, ...]:
    """Return the centres that may have the case, or that of an incident merged into it: for the one it goes on in."""
    own = (one.receiver for one in incident.forwards if one.may_be_known)
    return tuple(dict.fromkeys((*own, *incident.absorbed_receivers)))


def _told_by_telephone(draft: Draft, before: Forward, event: ForwardTaken, *, newest: bool) -> None:
    """Its people have a text or a call, and no receiver has the case: who is owed its end, and nothing more."""
    if before.by_telephone if newest else before.took:
        return
    draft.forwards[event.receiver] = replace(before, took=True, by_telephone=before.by_telephone or newest)
    _write_told(draft, event)


def _write_told(draft: Draft, event: ForwardTaken, **said: str) -> None:
    draft.write(EntryKind.RECEIVER_TOOK, receiver=event.receiver, path=event.path, by_telephone="true", **said)


def _due(before: Forward, kind: AlarmKind) -> bool:
    return before.state in _AGAIN or _graver(before, kind)


def _graver(before: Forward, kind: AlarmKind) -> bool:
    return kind.gravity < before.kind.gravity


def _word(yes: bool) -> str:
    return "true" if yes else "false"
