"""Who may call what. A route without a row is closed to everybody; a test keeps table and routes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from larmcentral.domain.roles import Role

EVERYBODY: Final = frozenset(Role)
DESK: Final = frozenset({Role.OPERATOR})
FIELD: Final = frozenset({Role.OPERATOR, Role.RESPONDER})
HOUSE: Final = frozenset({Role.OPERATOR, Role.MANAGER, Role.ADMIN})

PERMITTED: Final[Mapping[tuple[str, str], frozenset[Role]]] = {
    # Which incidents a role sees is its reach (domain/roles.py); this is only which routes it may call.
    ("GET", "/api/me"): EVERYBODY,
    ("GET", "/api/incidents"): EVERYBODY,
    ("GET", "/api/incidents/{incident_id}"): EVERYBODY,
    ("GET", "/api/feed"): EVERYBODY,
    ("POST", "/api/incidents/{incident_id}/acknowledge"): FIELD,
    ("POST", "/api/incidents/{incident_id}/on-the-way"): FIELD,
    ("POST", "/api/incidents/{incident_id}/arrived"): FIELD,
    ("POST", "/api/incidents/{incident_id}/decline"): FIELD,
    ("POST", "/api/incidents/{incident_id}/note"): FIELD,
    ("POST", "/api/incidents/{incident_id}/escalate"): DESK,
    ("POST", "/api/incidents/{incident_id}/shown"): DESK,
    ("POST", "/api/incidents/{incident_id}/stand-down"): DESK,
    ("POST", "/api/drills"): HOUSE,
    ("GET", "/api/persons"): HOUSE,
    ("GET", "/api/devices"): HOUSE,
    ("GET", "/api/unknown-input"): HOUSE,
}

PUBLIC: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
        ("GET", "/api/health/live"),
        ("GET", "/api/health/ready"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/receipts/46elks/{secret}"),  # the secret is its key
        ("GET", "/metrics"),  # has a key of its own
    }
)
"""Routes without a session. The console's files are public too: they hold no data."""
