"""SIA DC-09, the alarm industry's IP protocol: both roles, TCP and UDP, clear and AES. See README.md."""

from protocols.dc09.conversation import Dc09Conversation, Dc09Datagram
from protocols.dc09.recent import Recent
from protocols.dc09.transmitter import Dc09Transmitter

__all__ = ["Dc09Conversation", "Dc09Datagram", "Dc09Transmitter", "Recent"]
