"""Frozen, pure values of the server: what was stored, what is sent, what is shown."""
