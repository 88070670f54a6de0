"""Keys and certificates for the local receivers, made anew each time; nothing of them is worth stealing."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from devices.peers.record import wall_now

VALID_FOR = timedelta(days=30)
CLIENT_EMAIL = "push@larm-local.iam.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Everything a client of the receivers needs, and the server's own certificate. All PEM as text."""

    ca_pem: str
    server_pem: str
    server_key_pem: str
    apns_key_pem: str
    apns_key_id: str = "LOCALKEY01"
    apns_team_id: str = "LOCALTEAM1"
    apns_topic: str = "se.example.larm"
    google_key_pem: str
    google_project: str = "larm-local"
    sms_username: str
    sms_password: str

    def service_account(self, token_uri: str) -> str:
        """Return the JSON of a Google service account whose tokens come from token_uri."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": self.google_project,
                "private_key_id": "local",
                "private_key": self.google_key_pem,
                "client_email": CLIENT_EMAIL,
                "client_id": "1",
                "token_uri": token_uri,
            }
        )

    def server_tls(self, directory: Path) -> ssl.SSLContext:
        """Return the receivers' TLS context. directory: where write() has put the files."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(directory / "server.pem", directory / "server.key")
        return context

    def write(self, directory: Path) -> dict[str, str]:
        """Write the files, readable by their owner only; return their names by purpose."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = {
            "ca": ("ca.pem", self.ca_pem),
            "server": ("server.pem", self.server_pem),
            "server_key": ("server.key", self.server_key_pem),
            "apns_key": (f"AuthKey_{self.apns_key_id}.p8", self.apns_key_pem),
        }
        return {purpose: write_secret(directory / name, text) for purpose, (name, text) in files.items()}


def write_secret(path: Path, text: str) -> str:
    """Write a file with mode 0600, replacing one that is there; return its path."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return str(path)


def make_credentials() -> Credentials:
    """Make all keys. Takes some 0.2 s, most of it for Google's RSA key."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("larm local CA", ca_key, ca_key, None)
    server_key = ec.generate_private_key(ec.SECP256R1())
    server = _certificate("localhost", server_key, ca_key, ca)
    return Credentials(
        ca_pem=ca.public_bytes(Encoding.PEM).decode(),
        server_pem=server.public_bytes(Encoding.PEM).decode(),
        server_key_pem=_pem(server_key),
        apns_key_pem=_pem(ec.generate_private_key(ec.SECP256R1())),
        google_key_pem=_pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        sms_username="u" + secrets.token_hex(16),
        sms_password=secrets.token_hex(16),
    )


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, ca_key: ec.EllipticCurvePrivateKey, ca: x509.Certificate | None
) -> x509.Certificate:
    """Sign a certificate; without a CA it is one, signed by itself."""
    now = wall_now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=ca is None,
        crl_sign=ca is None,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if ca is None else ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=ca is None, path_length=0 if ca is None else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
    )
    if ca is not None:
        names = [x509.DNSName("localhost"), *map(x509.IPAddress, map(ipaddress.ip_address, ("127.0.0.1", "::1")))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(ca_key, SHA256())
