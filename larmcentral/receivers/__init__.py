"""Twisted listeners, one a transport: device sockets in, whole frames to intake, answers back."""
