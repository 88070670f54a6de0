"""Eelink and its kin: binary packages with a sequence number, over TCP or in a UDP envelope that names the device."""
