"""Who may call what. A route without a row is closed to everybody; a test keeps table and routes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from larmcentral.domain.roles import Role

EVERYBODY: Final = frozenset(Role)
DESK: Final = frozenset({Role.OPERATOR})
FIELD: Final = frozenset({Role.OPERATOR, Role.RESPONDER})
HOUSE: Final = frozenset({Role.OPERATOR, Role.MANAGER, Role.ADMIN})
OFFICE: Final = frozenset({Role.OPERATOR, Role.MANAGER})
KEEPERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
ADMINS: Final = frozenset({Role.ADMIN})
"""What binds the whole organisation, as an agreement with a centre does."""
OWN_PHONE: Final = frozenset({Role.WORKER, Role.RESPONDER})
"""Those who are a person of the house, says the schema; what they do there is always about themselves."""
ON_CALL: Final = HOUSE | {Role.RESPONDER}

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
    ("POST", "/api/incidents/{incident_id}/jump"): DESK,
    ("POST", "/api/incidents/{incident_id}/add"): DESK,
    ("POST", "/api/incidents/{incident_id}/hold"): DESK,
    ("POST", "/api/incidents/{incident_id}/merge"): DESK,
    ("POST", "/api/incidents/{incident_id}/hand-over"): DESK,
    ("POST", "/api/incidents/{incident_id}/put-back"): DESK,
    ("POST", "/api/incidents/{incident_id}/sos-call"): DESK,
    ("GET", "/api/incidents/{incident_id}/card"): DESK,
    ("GET", "/api/incidents/{incident_id}/devices"): HOUSE,
    ("POST", "/api/incidents/{incident_id}/devices/{device_id}/locate"): DESK,
    ("POST", "/api/incidents/{incident_id}/devices/{device_id}/call-back"): DESK,
    ("GET", "/api/devices/{device_id}/commissioning"): KEEPERS,
    ("PUT", "/api/devices/{device_id}/commissioning"): KEEPERS,
    ("POST", "/api/devices/{device_id}/commissioning/send"): KEEPERS,
    ("POST", "/api/drills"): HOUSE,
    ("GET", "/api/persons"): HOUSE,
    ("GET", "/api/devices"): HOUSE,
    ("GET", "/api/unknown-input"): HOUSE,
    ("GET", "/api/me/work"): OWN_PHONE,
    ("POST", "/api/me/session"): OWN_PHONE,
    ("POST", "/api/me/session/check-in"): OWN_PHONE,
    ("POST", "/api/me/session/extend"): OWN_PHONE,
    ("POST", "/api/me/session/end"): OWN_PHONE,
    ("PUT", "/api/me/session/recording"): OWN_PHONE,
    ("POST", "/api/me/welfare"): OWN_PHONE,
    ("POST", "/api/me/pre-alarm"): OWN_PHONE,
    ("POST", "/api/me/pre-alarm/cancel"): OWN_PHONE,
    ("POST", "/api/me/pre-alarm/confirm"): OWN_PHONE,
    ("POST", "/api/me/signals"): OWN_PHONE,
    ("POST", "/api/me/shift"): OWN_PHONE,
    ("DELETE", "/api/me/shift"): OWN_PHONE,
    ("PUT", "/api/me/pin"): OWN_PHONE,
    ("GET", "/api/sessions"): HOUSE,
    ("POST", "/api/sessions"): OFFICE,
    ("POST", "/api/sessions/{person_id}/welfare"): FIELD,
    ("POST", "/api/sessions/{person_id}/end"): OFFICE,
    ("GET", "/api/sessions/{session_id}/recording"): DESK,
    ("GET", "/api/places"): EVERYBODY,
    ("GET", "/api/places/{place_id}"): HOUSE,
    ("PUT", "/api/places/{place_id}"): KEEPERS,
    ("DELETE", "/api/places/{place_id}"): KEEPERS,
    ("PUT", "/api/places/{place_id}/flag"): KEEPERS,
    ("DELETE", "/api/places/{place_id}/flag"): KEEPERS,
    ("GET", "/api/places/{place_id}/plan"): HOUSE,
    ("PUT", "/api/places/{place_id}/plan"): KEEPERS,
    ("DELETE", "/api/places/{place_id}/plan"): KEEPERS,
    ("POST", "/api/places/{place_id}/coverage"): EVERYBODY,
    ("GET", "/api/rotas"): ON_CALL,
    ("GET", "/api/rotas/{rota_id}"): ON_CALL,
    ("PUT", "/api/rotas/{rota_id}"): KEEPERS,
    ("POST", "/api/rotas/{rota_id}/overrides"): HOUSE,
    ("POST", "/api/rotas/{rota_id}/swaps"): HOUSE,
    ("GET", "/api/rotas/{rota_id}/on-call"): ON_CALL,
    ("GET", "/api/rotas/{rota_id}/shifts"): ON_CALL,
    ("GET", "/api/rotas/{rota_id}/gaps"): ON_CALL,
    ("GET", "/api/rotas/{rota_id}/calendar.ics"): ON_CALL,
    ("POST", "/api/rotas/{rota_id}/calendar.ics"): KEEPERS,
    ("GET", "/api/chains"): HOUSE,
    ("GET", "/api/chains/{chain_id}"): HOUSE,
    ("PUT", "/api/chains/{chain_id}"): KEEPERS,
    ("POST", "/api/chains/complaints"): HOUSE,
    ("GET", "/api/dry-run"): HOUSE,
    ("GET", "/api/desk"): HOUSE,
    ("POST", "/api/desk"): DESK,
    ("DELETE", "/api/desk"): DESK,
    ("GET", "/api/handovers"): HOUSE,
    ("POST", "/api/handovers"): DESK,
    ("POST", "/api/handovers/{handover_id}/sign"): DESK,
    ("GET", "/api/pool"): HOUSE,
    ("POST", "/api/pool/check-out"): EVERYBODY,
    ("POST", "/api/pool/check-in"): EVERYBODY,
    ("POST", "/api/pool/prolong"): EVERYBODY,
    ("GET", "/api/tests"): HOUSE,
    ("GET", "/api/ways-out"): HOUSE,
    ("POST", "/api/system-alarms/{alarm_id}/dealt-with"): HOUSE,
    ("GET", "/api/forwarders"): HOUSE,
    ("POST", "/api/forwarders/{name}/test-state"): ADMINS,
    ("GET", "/api/forwarders/{name}/rows"): KEEPERS,
    ("PUT", "/api/forwarders/{name}/rows/{kind}/{silence}"): ADMINS,
    ("DELETE", "/api/forwarders/{name}/rows/{kind}/{silence}"): ADMINS,
    ("GET", "/api/forwarders/{name}/rows/{kind}/{silence}/dry-run"): KEEPERS,
    ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/dry-run"): KEEPERS,
    ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/test"): ADMINS,
    ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/sign"): ADMINS,
    ("GET", "/api/me/points"): EVERYBODY,
    ("POST", "/api/me/points"): EVERYBODY,
    ("PUT", "/api/me/points/order"): EVERYBODY,
    ("DELETE", "/api/me/points/{point_id}"): EVERYBODY,
    ("POST", "/api/me/points/{point_id}/proof"): EVERYBODY,
    ("PUT", "/api/me/points/{point_id}/proof"): EVERYBODY,
    ("POST", "/api/me/points/{point_id}/test"): EVERYBODY,
    ("GET", "/api/points"): HOUSE,
    ("DELETE", "/api/points/{point_id}"): KEEPERS,
    ("POST", "/api/points/{point_id}/proof"): KEEPERS,
    ("PUT", "/api/points/{point_id}/proof"): KEEPERS,
    ("POST", "/api/points/{point_id}/test"): KEEPERS,
    ("POST", "/api/points/{point_id}/seen"): KEEPERS,
    ("GET", "/api/persons/{person_id}/points"): HOUSE,
    ("POST", "/api/persons/{person_id}/points"): KEEPERS,
    ("PUT", "/api/persons/{person_id}/points/order"): KEEPERS,
    ("GET", "/api/service-messages/{message_id}"): EVERYBODY,
    ("GET", "/api/templates"): KEEPERS,
    ("PUT", "/api/templates"): KEEPERS,
    ("DELETE", "/api/templates/{template_id}"): KEEPERS,
    ("POST", "/api/templates/preview"): KEEPERS,
    ("GET", "/api/channels"): HOUSE,
    ("POST", "/api/channels/{channel}/test"): KEEPERS,
}

PUBLIC: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
        ("GET", "/api/health/live"),
        ("GET", "/api/health/ready"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/receipts/46elks/{secret}"),  # the secret is its key
        ("POST", "/api/answers/{token}"),  # the token is its key
        ("POST", "/api/answers/46elks/{secret}/sms"),
        ("POST", "/api/answers/46elks/{secret}/key"),
        ("POST", "/api/voice/46elks/{token}/start"),  # the token is their key; Twilio's are signed besides
        ("GET", "/api/voice/46elks/{token}/words.wav"),
        ("POST", "/api/voice/46elks/{token}/pressed"),
        ("POST", "/api/voice/46elks/{token}/ended"),
        ("POST", "/api/voice/twilio/{token}/pressed"),
        ("POST", "/api/voice/twilio/{token}/ended"),
        ("GET", "/api/proofs/{key}"),  # the key is its key, and proves a contact point by nothing else
        ("POST", "/api/proofs/{key}"),
        ("GET", "/metrics"),  # has a key of its own
    }
)
"""Routes without a session. The console's files are public too: they hold no data."""
