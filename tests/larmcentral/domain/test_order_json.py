"""Orders and sheets come back from the database as they were."""

from __future__ import annotations

from larmcentral.domain.device import DownlinkKind
from larmcentral.domain.order_json import dump_content, dump_settings, load_content, load_settings
from protocols.orders import CallBack, Commission

WHOLE = Commission(
    sos_numbers=("+46701740601",), fall_detection=True, fall_calls=False, in_utc=True, report_every_s=600
)


def test_what_an_order_carries_comes_back() -> None:
    assert load_content(DownlinkKind.CALL_BACK, dump_content(CallBack("0303174060"))) == CallBack("0303174060")
    assert load_content(DownlinkKind.COMMISSION, dump_content(WHOLE)) == WHOLE
    assert load_content(DownlinkKind.LOCATE, dump_content(None)) is None


def test_settings_come_back_and_what_an_older_version_did_not_know_is_left_alone() -> None:
    assert load_settings(dump_settings(WHOLE)) == WHOLE
    assert load_settings('{"in_utc": true}') == Commission(in_utc=True)
