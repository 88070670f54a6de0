"""Cut a text to a limit without breaking a character as a reader sees it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

JOINER = "\u200d"


def clusters(text: str) -> Iterator[str]:
    """Yield what a reader sees as one character each: base with its marks, joined emoji, a flag's two letters."""
    cluster = ""
    for char in text:
        if cluster and (_extends(char) or cluster.endswith(JOINER) or _completes_flag(cluster, char)):
            cluster += char
            continue
        if cluster:
            yield cluster
        cluster = char
    if cluster:
        yield cluster


def cut(text: str, limit: int, weigh: Callable[[str], int], ellipsis: str) -> str:
    """Return the text, or its longest beginning that fits with the ellipsis after it.

    limit: in the unit that weigh counts; at least the ellipsis' own weight. weigh must be additive over clusters.
    """
    if weigh(text) <= limit:
        return text
    room = limit - weigh(ellipsis)
    kept: list[str] = []
    for cluster in clusters(text):
        room -= weigh(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + ellipsis


def plain(text: str) -> str:
    """Return composed text on one line: control signs, also the ones that turn the reading direction, become spaces."""
    spaced = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") or char in BIDI else char for char in text)
    return " ".join(unicodedata.normalize("NFC", "".join(spaced)).split())


def utf8_bytes(text: str) -> int:
    """Weight of a text in bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _extends(char: str) -> bool:
    skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return skin_tone or char == JOINER or unicodedata.category(char) in ("Mn", "Me", "Mc")


def _completes_flag(cluster: str, char: str) -> bool:
    return len(cluster) == 1 and _regional(cluster) and _regional(char)


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
