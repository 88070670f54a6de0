"""What a test run logs is searched for secrets; the test that ran when one was written fails and names it.

Looked at is what a real server would write: our own lines as larmcentral.logs masks them, a library's own words,
and what the servers write that tests start as processes of their own. Known as secrets are those that tests name with
`keep`, and after a test with a database of its own what stands there: hashes, keys, addresses of contact points,
telephone numbers, door codes, positions, frames (STYLE: logs hold facts with ids, never persons, positions or secrets).
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import pytest
import structlog

from larmcentral.logs import _mask, _tell_error

LEAST_LETTERS: Final = 8
"""A shorter word stands by chance in ids and times; a PIN has to be as long, where a test wants it looked for."""
LINES_KEPT: Final = 5000
"""Of one test; a made-up town of many days writes more."""

IN_THE_DATABASE: Final = """
SELECT 'a password''s hash' AS name, password_hash AS value FROM users
UNION ALL SELECT 'a session''s hash', encode(token_hash, 'hex') FROM sessions
UNION ALL SELECT 'a PIN''s hash', unnest(ARRAY[pin_hash, duress_pin_hash]) FROM persons
UNION ALL SELECT 'a telephone number', phone FROM persons
UNION ALL SELECT 'a device''s secret', encode(secret, 'hex') FROM devices
UNION ALL SELECT 'a contact point''s address', address FROM contact_points
UNION ALL SELECT 'what is kept of a place', unnest(ARRAY[door_code, notes]) FROM places
UNION ALL SELECT 'a note about a person', notes FROM person_dossiers
UNION ALL SELECT 'a position', unnest(ARRAY[lat, lon])::text FROM signals
UNION ALL SELECT 'a frame', encode(raw, 'escape') FROM signals
UNION ALL SELECT 'a frame', encode(raw, 'hex') FROM signals
"""


@dataclass
class Logbook:
    """Lines, and what may stand in none of them. secrets: value to its name."""

    secrets: dict[str, str] = field(default_factory=dict)
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))

    def keep(self, name: str, value: str) -> None:
        """Make a secret known for the rest of the run."""
        assert len(value) >= LEAST_LETTERS, f"{name} is too short to be looked for"
        self.secrets[value] = name

    def hear(self, line: str) -> None:
        """Take in a line as a server wrote it."""
        self.lines.append(line)

    def told(self, more: MutableMapping[str, str] | None = None) -> list[str]:
        """Return which secrets stand in which lines, by name."""
        every = self.secrets | dict(more or {})
        return [f"{name} in: {line}" for line in self.lines for value, name in every.items() if value in line]


LOGBOOK: Final = Logbook()
keep, hear = LOGBOOK.keep, LOGBOOK.hear


async def keep_those_of(dsn: str) -> None:
    """Look through what was logged for what stands in a test's database, before both are gone."""
    if not LOGBOOK.lines:
        return
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(IN_THE_DATABASE)
    except asyncpg.PostgresError:  # a test of migrations may have left no tables
        return
    finally:
        await connection.close()
    found = {row["value"]: row["name"] for row in rows if row["value"] and len(row["value"]) >= LEAST_LETTERS}
    _TOLD.extend(LOGBOOK.told(found))


_TOLD: Final[list[str]] = []


def _listen(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hear one of our own lines as a real server would write it; the test sees it as it was."""
    line = _mask(logger, method, _tell_error(logger, method, dict(event)))
    hear(json.dumps(line, ensure_ascii=False, default=str))
    return event


class _Libraries(logging.Handler):
    """Hears libraries: the words they wrote themselves, as larmcentral.logs takes them."""

    def emit(self, record: logging.LogRecord) -> None:
        hear(f"{record.name}: {str(record.msg).partition(chr(10))[0]}")


def pytest_configure(config: pytest.Config) -> None:
    """Listen to libraries from the first import on."""
    logging.getLogger().addHandler(_Libraries())


@pytest.fixture(autouse=True)
def nothing_secret_is_logged() -> Iterator[None]:
    """Fail the test in which a secret was logged."""
    processors = structlog.get_config()["processors"]
    if _listen not in processors:
        processors.insert(0, _listen)  # in the list that stands: a test may have put things back since
    yield
    told = [*_TOLD, *LOGBOOK.told()]
    LOGBOOK.lines.clear()
    _TOLD.clear()
    assert "\n".join(told) == ""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look through what was logged after the last test; a worker of xdist tells the one who began it."""
    told = LOGBOOK.told()
    LOGBOOK.lines.clear()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["secrets logged"] = told
        return
    for line in (*_OF_WORKERS, *told):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().line(f"a secret was logged: {line}")


_OF_WORKERS: Final[list[str]] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Hear from a worker of xdist."""
    _OF_WORKERS.extend(getattr(node, "workeroutput", {}).get("secrets logged", ()))
