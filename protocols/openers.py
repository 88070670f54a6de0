"""How a receiver begins conversations of a protocol. Each family's conversation.py offers openers()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from protocols.conversation import Conversation

Draw = Callable[[int], bytes]
"""Returns that many unpredictable bytes; for the protocols that encrypt or challenge."""

Open = Callable[[datetime], Conversation]
"""Begins a conversation at this time."""


@dataclass(frozen=True, slots=True)
class Openers:
    """How a receiver begins conversations. What they share, such as a memory of copies, lives as long as this."""

    connection: Open
    datagram: Open | None = None
