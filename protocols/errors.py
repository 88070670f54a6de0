"""Whose fault it is: the other end's (remote) or ours (local)."""


class ProtocolError(Exception):
    """Anything that goes wrong between bytes and messages."""


class RemoteProtocolError(ProtocolError):
    """The other end sent what its protocol does not allow. Answer or close, count it, carry on."""


class LocalProtocolError(ProtocolError):
    """We asked a protocol for what it cannot do: our bug."""


class FrameTooLong(RemoteProtocolError):
    """More bytes than a frame may have arrived without an end."""

    def __init__(self, *, limit_bytes: int) -> None:
        super().__init__(f"no frame ended within {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class FramingError(RemoteProtocolError):
    """Bytes that are no frame of this protocol: skipped and counted."""


class ContentError(RemoteProtocolError):
    """A whole frame whose content is outside the grammar."""


class ChecksumMismatch(RemoteProtocolError):
    """The frame was damaged on its way; the transmitter will send it again."""

    def __init__(self, *, account: str | None, received: int, computed: int) -> None:
        super().__init__(f"account {account}: checksum {received:04X} received, {computed:04X} computed")
        self.account, self.received, self.computed = account, received, computed


class NotAuthentic(RemoteProtocolError):
    """Wrong key, wrong secret, or clear text from a device that must encrypt: a security event."""

    def __init__(self, why: str, *, account: str | None) -> None:
        super().__init__(why)
        self.account = account
