"""What may be handed to a centre's telephone, by type."""

from __future__ import annotations

from uuid import UUID

import pytest

from escalation.purpose import Purpose
from larmcentral.domain.forwarding import CentreCall


@pytest.mark.parametrize("purpose", [Purpose.TEST, Purpose.DRILL])
def test_no_drill_and_no_test_becomes_a_call_to_a_centre(purpose: Purpose) -> None:
    with pytest.raises(ValueError, match="cannot leave"):
        CentreCall(
            id=UUID(int=1),
            purpose=purpose,  # type: ignore[arg-type]  # what the type forbids
            number="+46101234567",
            words="",
            language="sv",
        )
