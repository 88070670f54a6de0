"""Emulated wearables, phones and panels. They meet the server only on the wire, and only on loopback."""
