"""A notification's headers, packed as Apple asks: what repeats is indexed, what differs each time is not.

Source: Apple, "Sending notification requests to APNs", on HPACK: the authorization header goes into the small dynamic
table; :path, apns-id, apns-expiration and apns-collapse-id must not push it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aioapns.common import NotificationRequest
from hpack import Encoder, HeaderTuple, NeverIndexedHeaderTuple


class PlainEncoder(Encoder):
    """HPACK without Huffman: in pure Python it takes longer than the bytes it saves (80 µs a notification)."""

    def encode(self, headers: Iterable[Any] | dict[Any, Any], huffman: bool = False) -> bytes:
        return super().encode(headers, huffman=False)


class HeaderWriter:
    """Writes the headers of one connection. The first time everything is indexed, so that the names are known."""

    def __init__(self, authority: str, topic: str) -> None:
        self._topic = topic
        self._always = [
            HeaderTuple(b":method", b"POST"),
            HeaderTuple(b":scheme", b"https"),
            HeaderTuple(b":authority", authority.encode("ascii")),
        ]
        self._changing: type[HeaderTuple] = HeaderTuple

    def write(self, request: NotificationRequest, *, authorization: str, expires: int) -> list[HeaderTuple]:
        """Return the headers. All of the request's words are ASCII; h2 is not asked to check them again."""
        changing = self._changing
        self._changing = NeverIndexedHeaderTuple
        topic = request.apns_topic or self._topic
        headers = [
            *self._always,
            changing(b":path", b"/3/device/" + request.device_token.encode("ascii")),
            HeaderTuple(b"authorization", authorization.encode("ascii")),
            HeaderTuple(b"apns-topic", topic.encode("ascii")),
            changing(b"apns-id", request.notification_id.encode("ascii")),
            changing(b"apns-expiration", b"%d" % expires),
        ]
        if request.priority is not None:
            headers.append(HeaderTuple(b"apns-priority", b"%d" % request.priority))
        if request.push_type is not None:
            headers.append(HeaderTuple(b"apns-push-type", request.push_type.value.encode("ascii")))
        if request.collapse_key is not None:
            headers.append(changing(b"apns-collapse-id", request.collapse_key.encode("ascii")))
        return headers
