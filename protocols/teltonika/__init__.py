"""Teltonika: personal trackers such as TMT250 and GH5200, and the vehicle trackers that share their codecs."""
