"""python -m devices.peers.tone_voice: a voice for demonstrations. Reads text, writes a tone that carries its words.

The words stand in the file's own comment (RIFF, LIST INFO ICMT), where the local telephone gateway reads them.
"""

from __future__ import annotations

import math
import struct
import sys
from typing import Final

RATE: Final = 8000
SECONDS: Final = 0.5
PITCH_HZ: Final = 440
MAX_TEXT_BYTES: Final = 16_384


def wav_with(text: str) -> bytes:
    """Return a short tone with the text in its comment."""
    tone = b"".join(
        struct.pack("<h", int(8000 * math.sin(2 * math.pi * PITCH_HZ * at / RATE))) for at in range(int(RATE * SECONDS))
    )
    words = text.encode() + b"\x00"
    comment = b"INFO" + _chunk(b"ICMT", words)
    form = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
    return _chunk(b"RIFF", b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"LIST", comment) + _chunk(b"data", tone))


def words_in(sound: bytes) -> str | None:
    """Return the words that a sound carries; None for a sound of another voice, or for no sound."""
    if sound[:4] != b"RIFF" or sound[8:12] != b"WAVE":
        return None
    for name, body in _chunks(sound[12:]):
        if name == b"LIST" and body[:4] == b"INFO":
            for inner, words in _chunks(body[4:]):
                if inner == b"ICMT":
                    return words.rstrip(b"\x00").decode("utf-8", "replace")
    return None


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) & 1)


def _chunks(raw: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while len(raw) >= 8:
        length = int.from_bytes(raw[4:8], "little")
        found.append((raw[:4], raw[8 : 8 + length]))
        raw = raw[8 + length + (length & 1) :]
    return found


if __name__ == "__main__":
    sys.stdout.buffer.write(wav_with(sys.stdin.buffer.read(MAX_TEXT_BYTES).decode("utf-8", "replace")))
