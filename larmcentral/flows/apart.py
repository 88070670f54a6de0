"""One row that cannot be read, or that no rule can decide about, holds up itself and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

import structlog

from larmcentral.domain.errors import StoreUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

PAUSE: Final = timedelta(seconds=15)
"""Until such a row is tried again: another process, of another version, may be able to; a step waits about as long."""


async def each_apart(
    due: Sequence[T],
    act: Callable[[T], Awaitable[int]],
    put_off: Callable[[T, timedelta], Awaitable[None]],
) -> int:
    """Act on each by itself, after a batch of them failed; return on how many. One that fails alone is put off.

    Raises StoreUnavailable: that is nobody's fault in particular.
    """
    done = 0
    for one in due:
        try:
            done += await act(one)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("put_off", what=str(one), pause_s=PAUSE.total_seconds())
            await put_off(one, PAUSE)
    return done
