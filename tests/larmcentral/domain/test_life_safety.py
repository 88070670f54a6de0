"""What waits for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.domain.life_safety import LIFE_SAFETY, is_life_safety
from tests.larmcentral.flows.notices import a_forward, in_house, outward


@pytest.mark.parametrize("about", About)
def test_a_real_notice_goes_first_where_somebody_may_be_in_danger(about: About) -> None:
    notice = outward(about=about)
    assert is_life_safety(notice) == (about in LIFE_SAFETY)
    assert not is_life_safety(in_house(purpose=Purpose.DRILL, about=about))


def test_whatever_a_centre_is_told_goes_first() -> None:
    forward = a_forward()
    assert is_life_safety(forward)
    assert is_life_safety(replace(forward, text=replace(forward.text, about=About.OVER)))
