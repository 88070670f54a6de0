"""What a call says, sealed into its address."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import NoticeId
from larmcentral.domain.errors import NotFound
from larmcentral.flows.call_scripts import LASTS, LONGEST_TOKEN, MESSAGE_CHARS, CallScript, CallScripts
from tests.fakes.settable_clock import SettableClock

SECRET = b"sixteen bytes or more of secret"
SCRIPT = CallScript(
    notice_id=NoticeId(UUID(int=7)), message="Överfallslarm. Anna K.", question="Tryck 1.", language="sv"
)


@pytest.mark.parametrize(
    "script", [SCRIPT, CallScript(notice_id=None, message="Code 4, 1.", question="", language="en")]
)
def test_what_was_sealed_is_opened_again(script: CallScript) -> None:
    scripts = CallScripts(SECRET, SettableClock())

    token = scripts.seal(script)

    assert scripts.open(token) == script
    assert scripts.seal(script) == token
    assert token.isascii()
    assert all(sign.isalnum() or sign in "-_" for sign in token)
    assert "Anna" not in token


def test_the_longest_words_are_cut_and_make_an_address_still() -> None:
    long = CallScript(notice_id=SCRIPT.notice_id, message="ö" * 5000, question="q" * 5000, language="sv")

    token = CallScripts(SECRET, SettableClock()).seal(long)

    assert len(token) < 2000
    assert CallScripts(SECRET, SettableClock()).open(token).message == "ö" * MESSAGE_CHARS


def test_nothing_else_is_opened() -> None:
    scripts = CallScripts(SECRET, SettableClock())
    token = scripts.seal(SCRIPT)
    other = CallScripts(b"another secret of sixteen", SettableClock()).seal(SCRIPT)
    flipped = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for bad in ("", "A", "å", "!" * 40, token[:-4], token + "AAAA", flipped, other, "A" * (LONGEST_TOKEN + 1)):
        with pytest.raises(NotFound):
            scripts.open(bad)


def test_an_address_from_old_logs_opens_nothing() -> None:
    """Whoever reads a proxy's logs would be read the name and the place, and could answer while the alarm goes on."""
    clock = SettableClock()
    scripts = CallScripts(SECRET, clock)
    token = scripts.seal(SCRIPT)
    clock.pass_by(LASTS)
    assert scripts.open(token) == SCRIPT
    clock.pass_by(timedelta(seconds=1))
    with pytest.raises(NotFound):
        scripts.open(token)


def test_a_short_secret_is_none() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        CallScripts(b"short", SettableClock())
