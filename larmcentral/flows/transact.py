"""One command of a person: a transaction that is taken again when somebody else was first, then what goes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from escalation.ids import CommitteeId
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.means import Means
from larmcentral.ports import Transaction

T = TypeVar("T")
Sight = frozenset[CommitteeId]
Work = Callable[[Transaction], Awaitable[tuple[T, Sequence[OutgoingNotice]]]]
"""What is done in the transaction: what it led to, and the notices it filed. It may be done more than once."""

TRIES: Final = 5
"""Two who write one thing at once collide at most a few times; a person does not wait for more."""


async def transact(means: Means, sight: Sight | None, work: Work[T]) -> T:
    """Do the work in one transaction and send what it filed. sight: None for the server's own work.

    Raises StoreUnavailable, also when collisions do not end, and whatever the work refuses with.
    """
    for attempt in range(1, TRIES + 1):
        try:
            async with means.store.transaction(sight) as tx:
                result, notices = await work(tx)
        except Collision:
            if attempt == TRIES:
                raise StoreUnavailable("collisions do not end") from None
        else:
            means.hand_over(notices)
            means.hints.changed()
            return result
    raise AssertionError("the last try returns or raises")


async def store_now(tx: Transaction) -> datetime:
    """Return the store's time: what is filed now is compared with it later, by whichever process."""
    return (await tx.lock(())).now
