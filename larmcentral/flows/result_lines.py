"""What the timeline tells of a notice's results: where it stands, why it waits, and each path to a centre."""

from __future__ import annotations

from typing import Final

from escalation.effects import Entry, EntryKind
from escalation.events import System
from larmcentral.domain.notice import PathTry
from larmcentral.domain.outbox import NoticeState, Settled

_ENTRIES: Final = {
    NoticeState.SENT: EntryKind.NOTICE_SENT,
    NoticeState.DELIVERED: EntryKind.NOTICE_DELIVERED,
    NoticeState.REFUSED: EntryKind.NOTICE_FAILED,
    NoticeState.GONE: EntryKind.NOTICE_FAILED,
    NoticeState.FAILED: EntryKind.NOTICE_FAILED,
}
PATHS_TOLD: Final = 3
PATHS_TOLD_EVERY: Final = 10
"""The first tries at a centre are told path by path, later ones now and then: an hour of "no answer" is one story."""


def lines_of(result: Settled, *, said_to_wait: bool) -> tuple[Entry, ...]:
    """Return the lines of one result. said_to_wait: that this notice waits was told before."""
    paths = tuple(_path_line(result, path) for path in result.paths) if _paths_matter(result) else ()
    kind = _ENTRIES.get(result.state)
    if kind is None:
        if not result.waits or said_to_wait:
            return paths
        kind = EntryKind.NOTICE_WAITS
    return (*paths, Entry(kind, result.at, System(), tuple(_detail(result))))


def _detail(result: Settled) -> list[tuple[str, str]]:
    detail = [("notice", str(result.notice_id)), ("channel", result.channel.value), ("tries", str(result.tries))]
    if result.person_id is not None:
        detail.append(("person", str(result.person_id)))
    if result.receiver is not None:
        detail.append(("receiver", result.receiver))
    if result.provider is not None:
        detail.append(("provider", result.provider))
    if result.reason:
        detail.append(("reason", result.reason))
    if result.state is NoticeState.PENDING and result.due_at is not None:
        detail.append(("due", result.due_at.isoformat()))
    return detail


def _path_line(result: Settled, path: PathTry) -> Entry:
    detail = (
        ("notice", str(result.notice_id)),
        ("receiver", result.receiver or ""),
        ("path", path.path),
        ("took", "yes" if path.took else "no"),
        ("seconds", f"{path.seconds:.3f}"),
        ("result", path.result),
        ("tries", str(result.tries)),
    )
    return Entry(EntryKind.PATH_TRIED, path.at, System(), detail)


def _paths_matter(result: Settled) -> bool:
    if result.state is not NoticeState.PENDING or result.tries <= PATHS_TOLD:
        return True
    return result.tries % PATHS_TOLD_EVERY == 0 or any(path.took for path in result.paths)
