"""Lines that a person types."""

from __future__ import annotations

from protocols.scaip.typed import typed


def test_a_bare_request_gets_a_message_around_it() -> None:
    message = typed(b"  <mrq><cid>678</cid>\\n</mrq>")
    assert message.startswith(b"MESSAGE sip:larmcentral@larm.invalid SIP/2.0\r\n")
    assert b"From: <sip:678@unit.invalid>" in message
    assert message.endswith(b"\r\n\r\n<mrq><cid>678</cid>\n</mrq>")
    assert b"From: <sip:unit@unit.invalid>" in typed(b"<mrq><cid>a b")
    assert b"From: <sip:unit@unit.invalid>" in typed(b"<mrq><cid>a b</cid></mrq>")


def test_written_out_line_ends_become_line_ends_and_a_missing_length_is_the_lines_end() -> None:
    assert typed(b"MESSAGE sip:a SIP/2.0\\r\\nl: 1\\r\\n\\r\\nx") == b"MESSAGE sip:a SIP/2.0\r\nl: 1\r\n\r\nx"
    assert typed(b"MESSAGE sip:a SIP/2.0\\r\\n\\r\\nxyz").endswith(b"Content-Length: 3\r\n\r\nxyz")
    assert typed(b"noise\\n") == b"noise\r\n"
