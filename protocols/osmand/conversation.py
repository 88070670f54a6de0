"""The receiver's end of osmand, and the requests that a phone makes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from protocols.conversation import Accounts
from protocols.errors import ContentError
from protocols.http import HttpRequest, HttpResponse
from protocols.osmand.codec import READ_IN_QUERY, parse_json, parse_query, serialise_json, serialise_query
from protocols.osmand.codes import signals_of
from protocols.osmand.messages import Report
from protocols.phone import UNKNOWN_IN_JSON, UNKNOWN_IN_QUERY, PhoneConversation, Reading, Said

MAX_PAIRS: Final = 500
"""Fields of one query: the longest seen has 60, most of them access points."""


FORM: Final = "application/x-www-form-urlencoded"


class OsmandConversation(PhoneConversation):
    """The receiver's end of osmand."""

    def __init__(self, accounts: Accounts) -> None:
        super().__init__(accounts, read)


def read(request: HttpRequest, now: datetime) -> Reading:
    """Read a request in either form. Raises ContentError where it names no device and calls for no help."""
    pairs = _pairs(request.query)
    in_url = parse_query(pairs)
    reports: tuple[Report, ...]
    if request.body and (request.content_type == "application/json" or request.body.lstrip()[:1] in (b"{", b"[")):
        status = UNKNOWN_IN_JSON
        try:
            reports = parse_json(request.body, in_url.device)
        except ContentError:
            if in_url.device is None and not in_url.alarms:
                raise
            reports = (replace(in_url, doubts=(*in_url.doubts, "body unreadable")),)
        else:
            if in_url.alarms:  # a shortcut that adds alarm=sos to the address of an app
                reports = (replace(in_url, device=in_url.device or reports[0].device), *reports)
    else:
        status = UNKNOWN_IN_QUERY
        if in_url.device is None or request.content_type in ("", FORM):
            try:
                pairs += _pairs(request.body.decode("utf-8", "replace"))
            except ContentError:
                if in_url.device is None and not in_url.alarms:
                    raise
        reports = (parse_query(pairs),)
    said = tuple(Said(report.device, signals_of(report, now)) for report in reports)
    if not any(of_one.device is not None or any(s.is_alarm for s in of_one.signals) for of_one in said):
        raise ContentError("no device is named")
    secrets = tuple(value for name, value in pairs if name == "secret")
    return Reading(said, HttpResponse(200), status, secrets)


def query_request(report: Report, path: str = "/", secret: str | None = None) -> HttpRequest:
    """Return the request of the old Android client: POST, all in the URL, no body."""
    pairs = [*serialise_query(report), *([("secret", secret)] if secret else [])]
    return HttpRequest("POST", f"{path}?{urlencode(pairs)}")


def json_request(report: Report, path: str = "/", secret: str | None = None) -> HttpRequest:
    """Return the request of the new clients: POST with a JSON body; the secret goes in as a bearer."""
    headers = [("Content-Type", "application/json")]
    if secret:
        headers.append(("Authorization", f"Bearer {secret}"))
    return HttpRequest("POST", path, tuple(headers), json.dumps(serialise_json(report)).encode("utf-8"))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MAX_PAIRS)
    except ValueError:
        raise ContentError(f"more than {MAX_PAIRS} fields") from None
    return [(name.lower() if name.lower() in READ_IN_QUERY else name, value) for name, value in pairs]
