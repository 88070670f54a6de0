"""The forms of a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import LocalProtocolError
from protocols.sos_access.position import PositionForm, position_text


@pytest.mark.parametrize(
    ("form", "lat", "lon", "text"),
    [
        (PositionForm.DEGREES, 59.7295, 17.6288, "N597295E0176288"),
        (PositionForm.MINUTES, 59.7295, 17.6288, "N594377E0173773"),
        (PositionForm.MINUTES, 59.3293, 18.0686, "N591976E0180412"),
        (PositionForm.MINUTES, 59.99999, 17.99999, "N600000E0180000"),
        (PositionForm.DEGREES, -0.5, -120.25, "S005000W1202500"),
        (PositionForm.MINUTES, -0.5, -120.25, "S003000W1201500"),
        (PositionForm.DEGREES, 90, 180, "N900000E1800000"),
        (PositionForm.MINUTES, 90, 180, "N900000E1800000"),
        (PositionForm.RT90, 59.3293, 18.0686, "x6580909y1628833"),
        (PositionForm.RT90, 40.0, 18.0686, None),
        (PositionForm.NONE, 59.3293, 18.0686, None),
    ],
)
def test_a_place_in_each_form(form: PositionForm, lat: float, lon: float, text: str | None) -> None:
    assert position_text(form, lat, lon) == text


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_both_forms_of_degrees_have_fifteen_signs_and_lead_back(lat: float, lon: float) -> None:
    degrees = position_text(PositionForm.DEGREES, lat, lon)
    minutes = position_text(PositionForm.MINUTES, lat, lon)
    assert degrees is not None
    assert minutes is not None
    assert len(degrees) == len(minutes) == 15
    assert abs(int(degrees[1:7]) / 10_000 - abs(lat)) <= 0.00005001
    assert abs(int(minutes[8:11]) + int(minutes[11:]) / 6_000 - abs(lon)) <= 1 / 11_999


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (0, 180.1), (float("nan"), 0), (0, float("inf"))])
def test_a_place_off_the_globe_is_our_own_fault(lat: float, lon: float) -> None:
    with pytest.raises(LocalProtocolError):
        position_text(PositionForm.DEGREES, lat, lon)
