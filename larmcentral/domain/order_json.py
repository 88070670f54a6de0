"""What an order carries as JSON, as the database keeps it."""

from __future__ import annotations

from typing import Final

import msgspec

from larmcentral.domain.device import DownlinkKind
from protocols.orders import CallBack, Commission

_CALL_BACK: Final = msgspec.json.Decoder(CallBack)
_COMMISSION: Final = msgspec.json.Decoder(Commission)


def dump_content(content: CallBack | Commission | None) -> str | None:
    """Return an order's content as JSON text, None for an order that needs no more words."""
    return None if content is None else msgspec.json.encode(content).decode()


def load_content(kind: DownlinkKind, text: str | None) -> CallBack | Commission | None:
    """Read back what dump_content wrote for an order of this kind."""
    if text is None:
        return None
    return _CALL_BACK.decode(text) if kind is DownlinkKind.CALL_BACK else _COMMISSION.decode(text)


def dump_settings(settings: Commission) -> str:
    """Return a sheet's settings as JSON text."""
    return msgspec.json.encode(settings).decode()


def load_settings(text: str) -> Commission:
    """Read back what dump_settings wrote; a setting that this version added is None."""
    return _COMMISSION.decode(text)
