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
PHOTO_LIMIT_BYTES: Final = 1024 * 1024
"""A face on a screen."""
CALENDAR_LIMIT_BYTES: Final = 1024 * 1024
"""A year of shifts, from a program that writes much around each."""

LARGER: Final[tuple[tuple[str, re.Pattern[str], int], ...]] = (
    ("PUT", re.compile(r"/api/places/[0-9a-f-]+/plan"), PLAN_LIMIT_BYTES),
    ("PUT", re.compile(r"/api/persons/[0-9a-f-]+/photo"), PHOTO_LIMIT_BYTES),
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
PHOTO_TYPES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
}
RECORDING_TYPES: Final[Mapping[str, tuple[bytes, ...]]] = {
    "audio/webm": (b"\x1a\x45\xdf\xa3",),
    "audio/ogg": (b"OggS",),
    "audio/mp4": (b"\x00\x00\x00",),
}
CALENDAR_TYPES: Final[Mapping[str, tuple[bytes, ...]]] = {"text/calendar": (b"BEGIN:VCALENDAR",)}
_FURTHER_ON: Final[Mapping[str, tuple[int, bytes]]] = {"image/webp": (8, b"WEBP")}
"""What stands where, in kinds of file that share their first bytes with others (a RIFF may be a film or a sound)."""
_RUNS_SCRIPTS: Final = frozenset({"image/svg+xml"})
"""Opened as a page of ours it could act as us: it is drawn as a picture or saved, never shown as a page."""
INERT: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The policy of such a file: no script, no address of its own, nothing fetched; its own styles draw it."""


def limit_bytes(method: str, path: str, usual: int) -> int:
    """Return how large a request's body may be."""
    return next((limit for one, pattern, limit in LARGER if one == method and pattern.fullmatch(path)), usual)


async def content_of(request: Request, types: Mapping[str, tuple[bytes, ...]]) -> tuple[str, bytes]:
    """Return a body's media type and content. Raises Refusal for another type, or a content that is none."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in types:
        raise Refusal(415, "media_type")
    content = await request.body()
    at, further = _FURTHER_ON.get(media_type, (0, b""))
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(types[media_type])
    if not begins or not content.startswith(further, at):
        raise Refusal(422, "invalid", fields={"body": "not_of_its_type"})
    return media_type, content


def sent_back(media_type: str, content: bytes) -> Response:
    """Answer with a file; one that could run is inert, and handed over to be saved when it is opened by itself."""
    headers = {"Content-Disposition": "inline"}
    if media_type in _RUNS_SCRIPTS:
        headers = {"Content-Disposition": "attachment", "Content-Security-Policy": INERT}
    return Response(content, media_type=media_type, headers=headers)
