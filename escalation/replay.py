"""What state a timeline tells of; the checker's second opinion on the incident's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from escalation.effects import Entry, EntryKind
from escalation.incident import State

_MOVES: Final[Mapping[EntryKind, frozenset[State]]] = {
    # Entries that may carry a state, and those they may carry. The rest never move an incident.
    EntryKind.OPENED: frozenset({State.OPEN}),
    EntryKind.ACKNOWLEDGED: frozenset({State.ACKNOWLEDGED}),
    EntryKind.ON_THE_WAY: frozenset({State.ACKNOWLEDGED}),
    EntryKind.ARRIVED: frozenset({State.ACKNOWLEDGED}),
    EntryKind.DECLINED: frozenset({State.OPEN}),
    EntryKind.ACKNOWLEDGEMENT_LAPSED: frozenset({State.OPEN}),
    EntryKind.PUT_BACK: frozenset({State.OPEN}),
    EntryKind.OWNER_LEFT: frozenset({State.OPEN}),
    EntryKind.CHAIN_RESTARTED: frozenset({State.OPEN}),
    EntryKind.STOOD_DOWN: frozenset({State.STOOD_DOWN}),
}

_AFTER_THE_END: Final = frozenset(
    # Somebody looks at it later, a provider or a device reports late, or a centre is told that it is over.
    {
        EntryKind.SHOWN,
        EntryKind.NOTICE_SENT,
        EntryKind.NOTICE_DELIVERED,
        EntryKind.NOTICE_FAILED,
        EntryKind.NOTICE_WITHDRAWN,
        EntryKind.NOTICE_WAITS,
        EntryKind.PATH_TRIED,
        EntryKind.RECEIVER_TOOK,
        EntryKind.RECEIVER_UNREACHED,
        EntryKind.DEVICE_TOLD,
        EntryKind.DEVICE_ANSWERED,
        EntryKind.DEVICE_PLACED,
        EntryKind.DEVICE_NOT_TOLD,
    }
)


def replay(entries: Iterable[Entry]) -> State:
    """Return the state that an incident's whole timeline ends in.

    Raises ValueError if the timeline is broken: does not begin with the opening, opens twice, moves in a way no
    incident can, or goes on with more than late reports after the stand-down.
    """
    state: State | None = None
    for entry in entries:
        if state is State.STOOD_DOWN and entry.kind not in _AFTER_THE_END:
            raise ValueError(f"{entry.kind.value} after the stand-down")
        if (state is None) != (entry.kind is EntryKind.OPENED):
            raise ValueError(f"{entry.kind.value}: a timeline has one opening, and begins with it")
        told = dict(entry.detail).get("state")
        if told is not None:
            state = State(told)
            if state not in _MOVES.get(entry.kind, frozenset()):
                raise ValueError(f"{entry.kind.value} does not make an incident {told}")
    if state is None:
        raise ValueError("an empty timeline tells of no incident")
    return state
