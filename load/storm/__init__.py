"""Storms of telemetry with calls for help among them."""
