"""Some hundred damaged documents and publications: see fuzzing_documents, which does it by the million."""

from __future__ import annotations

import pytest

from tests.protocols.fuzzing_documents import FEEDERS, fuzz


@pytest.mark.parametrize("family", sorted(FEEDERS))
def test_damaged_documents_are_signals_or_remote_faults(family: str) -> None:
    found = fuzz(family, 600, seed=7)
    assert found.inputs == 600
    assert len(found.signals) > 5, "the fuzz does not reach the decoder"
    assert found.faults, "nothing was refused: the fuzz does no damage"
    assert found.answers, "nothing was promised"
