"""Bytes to messages and back, for every protocol we speak. Pure: no socket, no clock, no log."""
