"""The part of SIP (RFC 3261) that short messages between machines need: MESSAGE, REGISTER, OPTIONS. See README.md."""
