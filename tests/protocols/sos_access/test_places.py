"""A place is believed where nothing else fits: the protocol has three forms and contradicts itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.sos_access.places import place_of
from protocols.sos_access.position import PositionForm, position_text


@pytest.mark.parametrize(
    ("pos", "form", "place"),
    [
        ("N597295E0176288", None, (59.7295, 17.6288)),
        ("n597295e0176288", None, (59.7295, 17.6288)),
        ("N573012E0120512", None, None),
        ("N573012E0120512", "dd.dddd", (57.3012, 12.0512)),
        ("N573012E0120512", "ddmmmm", (57.502, 12.085333)),
        ("S334512W0703045", "ddmmmm", (-33.752, -70.5075)),
        ("x6580909y1628833", "none", None),
        ("x6580909y1628833", "dd.dddd", None),
        ("x0000000y0000000", None, None),
        ("N597295E0176288", "rt90", None),
        ("59.7295,17.6288", None, None),
        ("N5972E01762", None, None),
    ],
)
def test_a_place_is_read_as_its_form_says(pos: str, form: str | None, place: tuple[float, float] | None) -> None:
    assert place_of(pos, form) == place


@given(st.floats(55.5, 68.9), st.floats(11.0, 24.0), st.sampled_from([*PositionForm]))
def test_what_we_write_is_read_back_within_the_forms_own_roughness(lat: float, lon: float, form: PositionForm) -> None:
    pos = position_text(form, lat, lon)
    if pos is None:
        return
    place = place_of(pos, form.value)
    assert place is not None
    assert place == pytest.approx((lat, lon), abs=0.0001)
