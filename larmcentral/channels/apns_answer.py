"""What Apple says of one notification, while it comes and when it is there."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aioapns.common import NotificationResult
from h2.errors import ErrorCodes

MAX_ANSWER_BYTES = 4096  # Apple's longest answer is some 80 bytes; more of it is not kept
STREAM_RESET = "StreamReset"
NOT_JSON = "NotJSON"


class Answer(NotificationResult):
    """What Apple said of one notification. retry_after: that header as it came."""

    __slots__ = ("retry_after",)

    def __init__(
        self, notification_id: str, status: str, description: str, timestamp: int | None, retry_after: str | None
    ) -> None:
        super().__init__(notification_id, status, description, timestamp)
        self.retry_after = retry_after


@dataclass(slots=True)
class Waiting:
    """A stream that is still owed an answer, and what came of it so far."""

    notification_id: str
    answer: asyncio.Future[Answer]
    status: str = ""
    retry_after: str | None = None
    body: bytearray = field(default_factory=bytearray)


def to_answer(waiting: Waiting) -> Answer:
    """Return what has come so far as an answer."""
    reason, timestamp = read_reason(bytes(waiting.body))
    return Answer(waiting.notification_id, waiting.status, reason, timestamp, waiting.retry_after)


def read_reason(body: bytes) -> tuple[str, int | None]:
    """Read Apple's JSON: its word, and the time in milliseconds that a 410 carries."""
    if not body:
        return "", None
    try:
        read: Any = json.loads(body)
    except ValueError:
        return NOT_JSON, None
    if not isinstance(read, dict):
        return NOT_JSON, None
    timestamp = read.get("timestamp")
    return str(read.get("reason", ""))[:100], timestamp if isinstance(timestamp, int) else None


def error_name(code: int) -> str:
    """Return HTTP/2's name of an error code."""
    try:
        return ErrorCodes(code).name
    except ValueError:
        return f"code {code}"
