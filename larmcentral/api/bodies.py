"""Bodies that are files and not JSON: which kinds are taken, how large they may be, and how they are given back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from fastapi import Request
from starlette.responses import Response

from larmcentral.api.problems import Refusal

PLAN_LIMIT_BYTES: Final = 5 * 1024 * 1024
"""A drawing of a floor; a photograph of one is smaller."""
RECORDING_LIMIT_BYTES: Final = 2 * 1024 * 1024
"""A few minutes of speech."""
CALENDAR_LIMIT_BYTES: Final = 1024 * 1024
"""A year of shifts, from a program that writes much around each."""

LARGER: Final[tuple[tuple[str, re.Pattern[str], int], ...]] = (
    ("PUT", re.compile(r"/api/places/[0-9a-f-]+/plan"), PLAN_LIMIT_BYTES),
    ("PUT", re.compile(r"/api/me/session/recording"), RECORDING_LIMIT_BYTES),
    ("POST", re.compile(r"/api/rotas/[0-9a-f-]+/calendar\.ics"), CALENDAR_LIMIT_BYTES),
)
"""Method, path and limit of what may be larger than any other body."""

# What a file of each kind begins with; a browser that guesses would go by it, whatever we call the file.
PLAN_TYPES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "application/pdf": (b"%PDF-",),
    "image/svg+xml": (b"<",),
}
RECORDING_TYPES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "audio/webm": (b"\x1a\x45\xdf\xa3",),
    "audio/ogg": (b"OggS",),
    "audio/mp4": (b"\x00\x00\x00",),
}
CALENDAR_TYPES: Final[Mapping[str, tuple[bytes, ...]]] = {"text/calendar": (b"BEGIN:VCALENDAR",)}
_RUNS_SCRIPTS: Final = frozenset({"image/svg+xml"})
"""Opened as a page of ours it could act as us: it is saved, never shown."""


def limit_bytes(method: str, path: str, usual: int) -> int:
    """Return how large a request's body may be."""
    return next((limit for one, pattern, limit in LARGER if one == method and pattern.fullmatch(path)), usual)


async def content_of(request: Request, types: Mapping[str, tuple[bytes, ...]]) -> tuple[str, bytes]:
    """Return a body's media type and content. Raises Refusal for another type, or a content that is none."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in types:
        raise Refusal(415, "media_type")
    content = await request.body()
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(types[media_type]):
        raise Refusal(422, "invalid", fields={"body": "not_of_its_type"})
    return media_type, content


def sent_back(media_type: str, content: bytes) -> Response:
    """Answer with a file; one that could run is handed over to be saved."""
    disposition = "attachment" if media_type in _RUNS_SCRIPTS else "inline"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
