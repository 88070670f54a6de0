"""Everybody comes back at once after an outage."""
