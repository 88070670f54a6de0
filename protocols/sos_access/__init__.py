"""SOS Access v4, SOS Alarm's protocol between transmitters and alarm receiving centres. See README.md."""

from protocols.sos_access.conversation import Exchange

__all__ = ["Exchange"]
