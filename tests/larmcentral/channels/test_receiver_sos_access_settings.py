"""What cannot be set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from tests.larmcentral.channels.sos_access_support import GIVEN, settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short"},
        {"password": "Łucja och hemlig"[:15]},
        {"transmitter_type": "SV30"},
        {"transmitter_code": ""},
        {"transmitter_code": "1" * 16},
        {"receiver": ""},
        {"receiver": "x" * 21},
        {"level": 5},
        {"deadline": timedelta()},
        {"max_connections": 0},
    ],
)
def test_settings_that_no_receiver_could_take_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"password|transmitter|receiver|level|deadline") as caught:
        settings(1, **wrong)
    assert str(wrong.get("password", "?")) not in str(caught.value)


def test_the_password_stands_in_no_repr() -> None:
    assert GIVEN not in repr(settings(1))


def test_primary_and_secondary_keep_the_renewed_password_in_one_place_unless_told_otherwise() -> None:
    assert settings(1).secret_name == settings(2, name="secondary", host="other").secret_name
    assert settings(1).secret_name != settings(1, transmitter_code="4712").secret_name
    assert settings(1, kept_as="nord").secret_name == "nord"


def test_unless_told_otherwise_it_is_encrypted_checked_and_given_up_after_five_seconds() -> None:
    usual = {name: field.default for name, field in SosAccessSettings.__dataclass_fields__.items()}
    assert (usual["tls"], usual["verify"], usual["deadline"]) == (True, True, timedelta(seconds=5))
