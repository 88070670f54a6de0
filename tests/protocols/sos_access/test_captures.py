"""Documents from outside mean what was written down by hand."""

from __future__ import annotations

import pytest

from protocols.sos_access.codec import Unacceptable, parse
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.messages import Message
from tests.protocols.sos_access.captures import refused, understood


@pytest.mark.parametrize(("raw", "meant"), [row[1:] for row in understood()], ids=[row[0] for row in understood()])
def test_a_captured_document_means_what_stands_beside_it(raw: bytes, meant: Message) -> None:
    document = OneDocument().feed(raw)
    assert document is not None
    assert parse(document) == meant


@pytest.mark.parametrize(("raw", "status"), [row[1:] for row in refused()], ids=[row[0] for row in refused()])
def test_a_document_that_is_no_message_says_which_status_to_answer(raw: bytes, status: int) -> None:
    document = OneDocument().feed(raw)
    assert document is not None
    with pytest.raises(Unacceptable) as caught:
        parse(document)
    assert caught.value.status.value == status
    assert "Abc123" not in str(caught.value)
    assert "Zyx987" not in str(caught.value)
