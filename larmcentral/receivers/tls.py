"""TLS of our own listeners: what is spoken, and certificates that are renewed while we run.

Versions and suites: RFC 9325, sections 3.1.1 and 4.2. Nothing is compressed, nobody renegotiates, no session is taken
up again: a device connects seldom, and a ticket's key would have to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import structlog
from OpenSSL import SSL
from OpenSSL.crypto import FILETYPE_PEM, load_certificate
from twisted.internet.ssl import ContextFactory

SUITES: Final = b"ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; those of 1.3 are all good. Whatever was sold in the last ten years speaks one of them."""
LOOK_EVERY_S: Final = 10.0
"""At the files, when somebody connects. A certificate is renewed days before it ends."""

_log = structlog.get_logger(__name__)

Seen = tuple[tuple[int, int], ...]


class Certificates(ContextFactory):
    """Twisted's context factory for one listener. files: as of endpoint.Endpoint.more; monotonic: as of ports.Clock.

    Raises OSError for a file that cannot be read, and SSL.Error for a key that does not fit, at the start only: later
    what stood before stays, and the log says why.
    """

    isClient = False

    def __init__(self, receiver: str, files: Mapping[str, str], monotonic: Callable[[], float]) -> None:
        self._receiver, self._files, self._monotonic = receiver, files, monotonic
        self._seen = self._look()
        self._looked_at_s = monotonic()
        self._context = context_of(files)

    def getContext(self) -> SSL.Context:
        """Return what the next connection is made with."""
        now_s = self._monotonic()
        if now_s - self._looked_at_s >= LOOK_EVERY_S:
            self._looked_at_s = now_s
            self._renew()
        return self._context

    def _renew(self) -> None:
        try:
            if (seen := self._look()) != self._seen:
                self._context = context_of(self._files)
                self._seen = seen
                _log.info("certificate_renewed", receiver=self._receiver)
        except (OSError, SSL.Error) as error:  # half written, say: the next look finds it whole
            _log.error("certificate_not_renewed", receiver=self._receiver, reason=type(error).__name__)

    def _look(self) -> Seen:
        stats = (Path(named).stat() for named in named_files(self._files))
        return tuple((one.st_mtime_ns, one.st_size) for one in stats)


def named_files(files: Mapping[str, str]) -> tuple[str, ...]:
    """Return key, certificate and further chain; a certificate that is not named is in the key's file."""
    key = files.get("privateKey", "server.pem")
    more = files.get("extraCertChain")
    return (key, files.get("certKey", key), *(() if more is None else (more,)))


def context_of(files: Mapping[str, str]) -> SSL.Context:
    """Return the settings of every TLS listener of ours. Raises OSError and SSL.Error."""
    key, certificate, *more = named_files(files)
    for named in (key, certificate, *more):
        Path(named).read_bytes()  # so that the error names the file
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(
        SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET | SSL.OP_CIPHER_SERVER_PREFERENCE
    )
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)  # a silent connection costs half
    context.set_cipher_list(SUITES)
    context.use_certificate_chain_file(certificate)
    context.use_privatekey_file(key)
    context.check_privatekey()
    for named in more:
        context.add_extra_chain_cert(load_certificate(FILETYPE_PEM, Path(named).read_bytes()))
    return context
