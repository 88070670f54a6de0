"""Requests that nobody thought of, made from our own OpenAPI, at every route of the real web process.

Each answer must be one that the document names: its status, its media type, its shape; and never one from 500 on. Some
keep to the document, some break it, and some are right but for one value (nearly.py); names of things are real ones
about half the time, for behind an id that nobody has little is to be found.

`python -m tests.spite.http --examples 500` is the long form; the suite's is in test_http.py.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

import hypothesis
import requests
import schemathesis
import uvloop
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, CheckFunction, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from larmcentral import seed as play
from larmcentral.api.permissions import PERMITTED
from larmcentral.domain.roles import Role
from larmcentral.store.embedded import start
from larmcentral.store.migrate import migrate
from tests.spite.house import DURESS_PIN, METRICS, PASSWORD, PIN, RECEIPTS, SpiteHouse, spite_house
from tests.spite.nearly import nearly_right
from tests.spite.table import TABLE

CHECKS: Final[Sequence[CheckFunction]] = (
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
NOT_TRIED: Final = frozenset({("GET", "/api/feed")})
"""A stream does not end by itself; tests/larmcentral/api/test_routes_feed.py and test_stream.py try it."""
SLOW: Final = frozenset({
    ("GET", "/api/incidents/{incident_id}/export.pdf"),  # a typesetter of its own each time
    ("POST", "/api/session"),  # argon2, once
    ("PUT", "/api/me/pin"),  # and here thrice
    ("POST", "/api/me/session/check-in"),
    ("POST", "/api/me/session/end"),
    ("POST", "/api/me/pre-alarm/cancel"),
    ("POST", "/api/me/welfare"),
})  # fmt: skip
FEW: Final = 4
"""Examples of a slow route in the suite."""
STRONGEST: Final = (Role.OPERATOR, Role.MANAGER, Role.ADMIN, Role.WORKER, Role.RESPONDER)
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "channel": ("sms", "mail", "teams"),
    "kind": ("panic", "fall", "duress"),
    "silence": ("open", "silent"),
    "name": (play.CENTRE,),
    "key": ("call", "listen"),
    "secret": (RECEIPTS,),
    "login": ("operator.care",),
    "password": (PASSWORD,),
    "pin": (PIN, DURESS_PIN),
    "duress_pin": (DURESS_PIN,),
}
"""What else a field of this name may really hold."""
ALIKE: Final[Mapping[str, str]] = {
    "person": "person_id", "companions": "person_id", "linked": "person_id", "persons": "person_id",
    "owner_id": "person_id", "team": "team_id", "oncall": "rota_id", "to": "user_id", "into": "incident_id",
    "building_id": "place_id", "ids": "point_id", "incident": "incident_id",
}  # fmt: skip
"""Fields that hold a thing's id under another name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that the document does not name. request: as a command for a terminal."""

    route: str
    role: str
    what: str
    request: str


@dataclass
class Tried:
    """What was asked and how it was answered. statuses: by route."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: dict[tuple[str, str], Fault] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many were sent."""
        return sum(counted.total() for counted in self.statuses.values())


class Tokens:
    """Sessions by role; made anew where one was ended by what we sent."""

    def __init__(self, house: SpiteHouse, loop: asyncio.AbstractEventLoop) -> None:
        self._house, self._loop = house, loop
        self._by_login: dict[str, str] = {}

    def of(self, login: str, *, fresh: bool = False) -> str:
        """Return a session of this user. Called from the thread that asks, never from the loop."""
        if fresh or login not in self._by_login:
            made = asyncio.run_coroutine_threadsafe(self._house.token(login), self._loop)
            self._by_login[login] = made.result(30)
        return self._by_login[login]


def try_all(
    house: SpiteHouse,
    loop: asyncio.AbstractEventLoop,
    examples: int,
    *,
    every_role: bool,
    seed: int,
    tell: Callable[[str], None],
    part: str = "",
) -> Tried:
    """Ask every route. Blocks: runs in a thread of its own while the loop serves.

    examples: a route and role; as many again nearly right. every_role: each that may call it, else one.
    part: only routes whose path has this in it.
    """
    document = requests.get(f"{house.url}/api/openapi.json", timeout=60).json()
    schema = schemathesis.openapi.from_dict(document)
    tokens, tried = Tokens(house, loop), Tried()
    operations = [_whole(result) for result in schema.get_all_operations()]
    for operation in sorted(operations, key=_ends_something):
        route = (operation.method.upper(), operation.path)
        if route in NOT_TRIED or part not in operation.path:
            continue
        asking = _logins(route, every_role=every_role)
        for login in asking:
            count = min(examples, FEW) if route in SLOW and not every_role else examples
            _try(house, operation, login, tokens, tried, count, seed)
        tell(f"{' '.join(route):<72} {_said(tried.statuses[' '.join(route)])}")
    return tried


def _whole(result: Any) -> APIOperation[Any, Any, Any, Any]:
    """Return a route as the document describes it; raises where it does so wrongly."""
    if isinstance(result, Err):
        raise result.err()
    operation: APIOperation[Any, Any, Any, Any] = result.ok()
    return operation


def _ends_something(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    row = TABLE.get((operation.method.upper(), operation.path))
    return row is None or row.last


def _said(statuses: Counter[int]) -> str:
    return "  ".join(f"{status} {count}x" for status, count in sorted(statuses.items()))


def _logins(route: tuple[str, str], *, every_role: bool) -> Sequence[str | None]:
    permitted = PERMITTED.get(route)
    if permitted is None:
        return [None]
    logins = [f"{role.value}.care" for role in STRONGEST if role in permitted]
    return logins if every_role else logins[:1]


def _try(
    house: SpiteHouse,
    operation: APIOperation[Any, Any, Any, Any],
    login: str | None,
    tokens: Tokens,
    tried: Tried,
    examples: int,
    seed: int,
) -> None:
    route = f"{operation.method.upper()} {operation.path}"

    def send(case: Case[Any]) -> None:
        cookies = {} if login is None else {"larm_session": tokens.of(login)}
        answer = case.call(base_url=house.url, headers={"X-Larm": "1", **_key(route)}, cookies=cookies, timeout=60)
        statuses[answer.status_code] += 1
        if login is not None and answer.status_code == 401:
            tokens.of(login, fresh=True)
        for what in faults_of(case, answer):
            fault = Fault(route, login or "nobody", what, case.as_curl_command(base_url=house.url))
            tried.faults.setdefault((route, what.partition("\n")[0]), fault)

    statuses = tried.statuses.setdefault(route, Counter())
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        kept = hypothesis.settings(
            max_examples=max(1, examples // 2),
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        strategy = operation.as_strategy(generation_mode=mode)

        @hypothesis.seed(seed)
        @kept
        @hypothesis.given(case=strategy, chance=st.integers(0, 2**32 - 1))
        def ask(case: Case[Any], chance: int) -> None:
            with_real_names(case, house.things["care"], Random(chance))
            send(case)

        with _nothing_to_draw():
            ask()
    if (operation.method.upper(), operation.path) in TABLE:
        for case in nearly_right(operation, house.things["care"], examples, Random(seed)):
            send(case)


def _key(route: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {METRICS}"} if route == "GET /metrics" else {}


@contextmanager
def _nothing_to_draw() -> Iterator[None]:
    """A route without parameters and body has no way to break its document."""
    try:
        yield
    except (hypothesis.errors.Unsatisfiable, hypothesis.errors.InvalidArgument):
        return


def faults_of(case: Case[Any], answer: schemathesis.Response) -> Iterable[str]:
    """Return what is wrong about an answer, in words; nothing where all is well."""
    if answer.status_code >= 500:
        yield f"server error {answer.status_code}: {answer.text[:200]}"
        return
    try:
        case.validate_response(answer, checks=list(CHECKS))
    except FailureGroup as group:
        for failure in group.exceptions:
            title = failure.title if isinstance(failure, Failure) else type(failure).__name__
            yield f"{answer.status_code} {title}: {str(failure)[:600]}"


def with_real_names(case: Case[Any], ids: Mapping[str, str], chance: Random) -> None:
    """Put names of things that there are into a request, each with an even chance."""
    for container in (case.path_parameters, case.query):
        for name in list(container or {}):
            container[name] = _real(name, container[name], ids, chance)
    case.body = _real("", case.body, ids, chance)


def _real(name: str, value: Any, ids: Mapping[str, str], chance: Random) -> Any:
    """Return a value with real names in it, at whatever depth."""
    match value:
        case dict():
            return {key: _real(str(key), inner, ids, chance) for key, inner in value.items()}
        case list():
            return [_real(name, inner, ids, chance) for inner in value]
    if name == "version" and chance.random() < 0.5:
        return chance.choice((0, 1))
    known = ids.get(ALIKE.get(name, name))
    if chance.random() < 0.5 or not isinstance(value, str):
        return value
    if known is not None and (_is_id(value) or name in ids):
        return known
    return chance.choice(WORDS[name]) if name in WORDS else value


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


async def _long_form(examples: int, seed: int, part: str) -> Tried:
    with tempfile.TemporaryDirectory(prefix="larmtests-", dir="/tmp") as folder:
        server = await start(Path(folder) / "pg", settings={})
        try:
            await server.ensure_database("spite")
            await migrate(server.dsn("spite"))
            async with spite_house(server.dsn("spite"), Path(folder)) as house:
                loop = asyncio.get_running_loop()
                return await asyncio.to_thread(
                    try_all, house, loop, examples, every_role=True, seed=seed, part=part, tell=_tell
                )
        finally:
            await server.stop()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """The long form; exit code 1 if any answer was none of the document's."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--examples", type=int, default=100, help="for each route and role")
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--route", default="", help="only those whose path has this in it")
    said = asked.parse_args()
    began_s = time.monotonic()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        tried = runner.run(_long_form(said.examples, said.seed, said.route))
    for fault in tried.faults.values():
        sys.stdout.write(f"\n{fault.route} as {fault.role}\n  {fault.what}\n  {fault.request}\n")
    sys.stdout.write(
        f"\n{len(tried.statuses)} routes, {tried.requests} requests, {len(tried.faults)} faults, "
        f"seed {said.seed}, {time.monotonic() - began_s:.0f} s\n"
    )
    return 1 if tried.faults else 0


if __name__ == "__main__":
    sys.exit(main())
