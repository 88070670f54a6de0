"""The local mail server before the standard library's client."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from pathlib import Path

import pytest

from devices.peers.credentials import Credentials
from devices.peers.mail_server import MailServer, Seal
from devices.peers.orders import Order

MAIL = "From: larm@exempel.se\r\nTo: bo@exempel.se\r\nSubject: Hej\r\nMessage-ID: <n1@exempel.se>\r\n\r\nHej Bo\r\n"


@pytest.mark.parametrize("seal", ["starttls", "implicit", "none"])
async def test_it_takes_a_mail_of_who_is_known(peer_credentials: Credentials, peer_folder: Path, seal: Seal) -> None:
    server = MailServer(None if seal == "none" else peer_credentials.server_tls(peer_folder), seal=seal)
    await server.start()
    server.orders.for_address("gone@exempel.se", Order(status=550, reason="5.1.1 no such user"))

    def talk() -> tuple[dict[str, tuple[int, bytes]], int]:
        trusted = ssl.create_default_context(cafile=str(peer_folder / "ca.pem"))
        with _client(seal, server.port, trusted) as client:
            if seal == "starttls":
                client.starttls(context=trusted)
            with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
                client.login("larm", "wrong")
            client.login("larm", server.password)
            return client.sendmail(
                "larm@exempel.se", ["bo@exempel.se", "gone@exempel.se"], MAIL
            ), refused.value.smtp_code

    refused, code = await asyncio.to_thread(talk)
    await server.stop()

    assert code == 535
    assert refused == {"gone@exempel.se": (550, b"5.1.1 no such user")}
    gone, kept = server.record
    assert (gone.address, gone.status) == ("gone@exempel.se", 550)
    assert (kept.notice_id, kept.payload["subject"], kept.payload["text"]) == ("n1", "Hej", "Hej Bo\n")
    assert server.describe()["tls"] == seal


def _client(seal: Seal, port: int, trusted: ssl.SSLContext) -> smtplib.SMTP:
    if seal == "implicit":
        return smtplib.SMTP_SSL("localhost", port, context=trusted, timeout=3)
    return smtplib.SMTP("localhost", port, timeout=3)
