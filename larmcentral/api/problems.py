"""Every refusal as a Problem: a key for the screen, never a stack, never a person's data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from escalation.incident import Refused, Unanswered
from larmcentral.api.shapes import Problem
from larmcentral.domain.errors import Collision, LaneFull, NotFound, Poison, RefusedByRule, StoreUnavailable
from larmcentral.domain.proof import AskedTooOften

_WORDS: Final = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "invalid"}
_FIELD_LIMIT: Final = 20


class Refusal(Exception):
    """The API says no by itself. reason: a key that the console has words for."""

    def __init__(
        self,
        status: int,
        reason: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.status, self.reason, self.fields, self.headers = status, reason, dict(fields or {}), dict(headers or {})


def later(seconds: float) -> Refusal:
    """Return the refusal of one who tries too often, or who comes when too many do."""
    whole = str(math.ceil(seconds))
    return Refusal(429, "too_many", fields={"seconds": whole}, headers={"Retry-After": whole})


def problem(
    status: int, reason: str, *, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Build the answer to a refused request."""
    body = Problem(reason=reason, fields=dict(fields or {}))
    return Response(body.model_dump_json(), status, headers, media_type="application/json")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of a route's refusals.

    They name Problem instead of handing the model over: FastAPI would build it anew for each of some 200 entries,
    half a second of every start. /metrics hands it over, once, for all.
    """
    return {status: {"description": _MEANING[status], "content": _A_PROBLEM} for status in sorted(statuses)}


_A_PROBLEM: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_MEANING: Final = {
    401: "Not logged in: `session_over`; at log-in `log_in`",
    403: "`forbidden`, `not_a_responder`, `wrong_pin`, or a request from elsewhere: `cross_site`",
    404: "`not_found`: none, or not for you",
    409: "Refused by a rule: `taken` (with `fields.name`), `stood_down`, `two_person_rule` and others",
    413: "`too_large`",
    415: "`media_type`: none of those that are taken here",
    422: "`invalid`: each offending field with its fault; at a stand-down `closing`: each question left open",
    429: "`too_many`, with Retry-After",
    503: "`database`: whether anything was done is unknown; `lane_full`: nothing was; ask again",
}


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return problem(error.status, error.reason, fields=error.fields, headers=error.headers)


async def _refused(request: Request, error: Exception) -> Response:
    """A rule said no; those that can be named in words bring their fields."""
    assert isinstance(error, Refused)
    return problem(409, error.reason, fields=error.fields if isinstance(error, RefusedByRule) else None)


async def _unanswered(request: Request, error: Exception) -> Response:
    """The form was not filled in: each question with what is wrong about its answer."""
    assert isinstance(error, Unanswered)
    return problem(422, error.reason, fields=error.faults)


async def _too_often(request: Request, error: Exception) -> Response:
    assert isinstance(error, AskedTooOften)
    refused = later(error.wait.total_seconds())
    return problem(refused.status, refused.reason, fields=refused.fields, headers=refused.headers)


async def _lane_full(request: Request, error: Exception) -> Response:
    return problem(503, "lane_full", headers={"Retry-After": "1"})


async def _not_found(request: Request, error: Exception) -> Response:
    return problem(404, "not_found")


async def _unavailable(request: Request, error: Exception) -> Response:
    return problem(503, "database", headers={"Retry-After": "1"})


async def _unstorable(request: Request, error: Exception) -> Response:
    return problem(422, "invalid")


async def _invalid(request: Request, error: Exception) -> Response:
    """Name the fields and their faults, but none of what was in them."""
    assert isinstance(error, RequestValidationError)
    faults = {".".join(map(str, one["loc"])): str(one["type"]) for one in error.errors()[:_FIELD_LIMIT]}
    return problem(422, "invalid", fields=faults)


async def _http(request: Request, error: Exception) -> Response:
    """What FastAPI refuses by itself: 400 for a body that is no text, 422 for one that is no JSON; to us one fault."""
    assert isinstance(error, HTTPException)
    status = 422 if error.status_code == 400 else error.status_code
    return problem(status, _WORDS.get(status, "refused"), headers=error.headers)


def speak_in_problems(app: FastAPI) -> None:
    """Let every refusal of this app be a Problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unanswered, _unanswered)
    app.add_exception_handler(AskedTooOften, _too_often)
    app.add_exception_handler(LaneFull, _lane_full)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(Collision, _unavailable)
    app.add_exception_handler(Poison, _unstorable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
