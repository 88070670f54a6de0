"""What text messages and calls by 46elks share: what its answers mean, and who we are to it.

Sources: 46elks, "Send an SMS", "Make a call", "Account" (GET /a1/me). Its errors are plain text for a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from larmcentral.channels.http_client import HttpAnswer, HttpClient, Unreachable
from larmcentral.channels.shown import masked
from larmcentral.domain.notice import Delivery, DeliveryState, Probe


def delivery(answer: HttpAnswer, retry_after: timedelta | None) -> Delivery:
    """Return what the answer to an order means: POST /a1/sms or /a1/calls."""
    if answer.status == 200:
        made = read_object(answer.body)
        if made.get("status") == "failed" or made.get("state") in {"failed", "busy"}:
            return Delivery(state=DeliveryState.REFUSED, reason="46elks: failed at once", provider_id=made_id(made))
        if made_id(made) is not None:
            return Delivery(state=DeliveryState.SENT, provider_id=made_id(made))
        return Delivery(state=DeliveryState.RETRY, reason="200 without an id: not 46elks' answer")
    why = masked(f"{answer.status} {answer.body[:200].decode('utf-8', 'replace')}")  # it may repeat the number
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        # 401: our name or password; 403: no credit, or the account may not
        return Delivery(state=DeliveryState.REFUSED, reason=why, about_us=answer.status in (401, 403))
    return Delivery(state=DeliveryState.RETRY, reason=why, retry_after=retry_after)


async def probe_account(http: HttpClient, endpoint: str, headers: Mapping[str, str]) -> Probe:
    """Ask for our own account beside the endpoint: proves reachability and password, costs nothing."""
    parts = urlsplit(endpoint)
    url = urlunsplit(parts._replace(path=parts.path.rpartition("/")[0] + "/me", query=""))
    try:
        answer = await http.get(url, headers=headers)
    except Unreachable as error:
        return Probe(alive=False, reason=str(error))
    if answer.status in (401, 403):
        return Probe(alive=False, reason=f"{answer.status}: username or password is refused")
    return Probe(alive=answer.status == 200, reason="" if answer.status == 200 else f"status {answer.status}")


def read_object(body: bytes) -> dict[str, object]:
    """Read a JSON object; an empty one where the body is something else."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def made_id(made: Mapping[str, object]) -> str | None:
    """Return 46elks' name for what was ordered, None where there is none."""
    value = made.get("id")
    return value if isinstance(value, str) and value else None
