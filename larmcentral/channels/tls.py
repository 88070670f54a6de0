"""Whom the channels trust. Verification is never off."""

from __future__ import annotations

import ssl


def trust(ca_file: str | None) -> ssl.SSLContext:
    """Return a client context that trusts the CAs in ca_file (PEM), or the system's where it is None.

    Reads files: call it in a thread. Raises OSError for a file that cannot be read or holds no certificate.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
