"""The provider's wish for patience, read from an HTTP header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=1)  # a longer wish is cut to this: the outbox asks again, an alarm does not wait for a day


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read Retry-After: whole seconds or an HTTP date. None where there is none or it cannot be read.

    A date in the past is zero. Source: RFC 9110, section 10.2.3.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta()), LONGEST)
