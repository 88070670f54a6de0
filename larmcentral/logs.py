"""One stream of log lines for our code, for the libraries and for Twisted, without persons, places or secrets.

Ours say facts as names and values; a value whose name says that it may be private is masked, and what is no plain
value becomes the name of its type. Of a library only the words it wrote itself are taken, never what it put into
them. Of an error we say its type and where it was, and its words only where they are ours.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import Callable, MutableMapping
from datetime import datetime
from enum import Enum
from pathlib import PurePath
from typing import Any, Final, TextIO, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from twisted.logger import ILogObserver, LogEvent, LogLevel, globalLogBeginner, globalLogPublisher
from twisted.python.failure import Failure

MASK: Final = "…"
# fmt: off
PRIVATE_WORDS: Final = frozenset(
    (
        "secret", "secrets", "token", "tokens", "password", "passwords", "passwd", "credential", "credentials",
        "authorization", "cookie", "key", "pin", "address", "addresses", "phone", "msisdn", "mail", "email",
        "person", "persons", "wearer", "worker", "raw", "frame", "body", "content", "contents", "payload",
        "query", "uri", "url", "dsn", "dsns", "position", "positions", "lat", "lon", "latitude", "longitude",
        "place", "evidence",
    )
)
# fmt: on
"""A name is private if one of its words (between underscores) is here, unless it ends in _id."""
MAX_TEXT: Final = 200
"""Characters of one value; names and reasons are shorter, contents are longer."""
MAX_FRAMES: Final = 12
OUR_PACKAGES: Final = ("larmcentral.", "protocols.", "escalation.", "devices.")

_LEVELS: Final[dict[LogLevel, str]] = {
    LogLevel.debug: "debug",
    LogLevel.info: "info",
    LogLevel.warn: "warning",
    LogLevel.error: "error",
    LogLevel.critical: "error",
}


def configure_logs(*, level: str, form: str, stream: TextIO | None = None) -> Callable[[], None]:
    """Send everything to the stream (standard error), one line each. Returns what undoes it.

    level: debug, info, warning or error. form: json or console.
    """
    out = _Stream(sys.stderr if stream is None else stream)
    lowest = logging.getLevelNamesMapping()[level.upper()]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    common: list[Processor] = [_tell_error, _mask, structlog.processors.TimeStamper(fmt="iso", utc=True), renderer]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *common],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", out)),
        cache_logger_on_first_use=False,
    )

    def write(event: EventDict) -> None:
        line: Any = event
        for processor in common:
            line = processor(None, "", line)
        out.write(f"{line}\n")
        out.flush()

    root = logging.getLogger()
    handler, before = _Library(write), root.level
    root.addHandler(handler)
    root.setLevel(max(lowest, logging.INFO))
    observer = cast("ILogObserver", _twisted_observer(write, lowest))
    globalLogBeginner.beginLoggingTo([observer], discardBuffer=True, redirectStandardIO=False)

    def undo() -> None:
        globalLogPublisher.removeObserver(observer)
        root.removeHandler(handler)
        root.setLevel(before)
        structlog.reset_defaults()

    return undo


class _Stream:
    """Writes whole lines, and never fails: a full disk under the log must not cost an alarm its ack."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # ValueError: the stream was closed
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


class _Library(logging.Handler):
    """Lines of libraries: their own words, not what they put into them."""

    def __init__(self, write: Callable[[EventDict], None]) -> None:
        super().__init__()
        self._write_event = write

    def emit(self, record: logging.LogRecord) -> None:
        self._write_event(
            {
                "event": str(record.msg).partition("\n")[0],
                "level": record.levelname.lower(),
                "logger": record.name,
                "exc_info": record.exc_info,
            }
        )


def _twisted_observer(write: Callable[[EventDict], None], lowest: int) -> Callable[[LogEvent], None]:
    def observe(event: LogEvent) -> None:
        level = _LEVELS.get(event.get("log_level", LogLevel.info), "info")
        if logging.getLevelNamesMapping()[level.upper()] < max(lowest, logging.WARNING):
            return  # Twisted's small talk: ports opened, factories begun; we say these ourselves
        if event.get("log_namespace") == "twisted.logger._global":
            return  # it minds being configured twice, as tests do
        failure = event.get("log_failure")
        said = event.get("log_format") or "said without a form"
        write(
            {
                "event": str(said),
                "level": level,
                "logger": str(event.get("log_namespace", "twisted")),
                "exc_info": failure.value if isinstance(failure, Failure) else None,
            }
        )

    return observe


def _tell_error(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace exc_info by the error's type, place, and its words where they are ours."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        if (words := _words(error)) is not None:
            event["error_words"] = words
        if error.__cause__ is not None:
            event["error_cause"] = type(error.__cause__).__name__
        steps = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
        event["error_at"] = [f"{step.filename}:{step.lineno} {step.name}" for step in steps]
    return event


def _words(error: BaseException) -> str | None:
    if isinstance(error, OSError):
        return error.strerror
    return str(error) if type(error).__module__.startswith(OUR_PACKAGES) else None


def _mask(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Mask private values and make the rest plain."""
    return {name: _plain(name, value) for name, value in event.items() if name != "positional_args"}


def _plain(name: str, value: object) -> object:
    if _is_private(name):
        return MASK
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value if len(value) <= MAX_TEXT else value[:MAX_TEXT] + MASK
        case UUID() | PurePath():
            return str(value)
        case datetime():
            return value.isoformat()
        case Enum():
            return _plain(name, value.value)
        case MutableMapping():
            return {str(key): _plain(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(name, inner) for inner in value]
        case _:
            return f"<{type(value).__name__}>"


def _is_private(name: str) -> bool:
    return not name.endswith("_id") and not PRIVATE_WORDS.isdisjoint(name.lower().split("_"))
