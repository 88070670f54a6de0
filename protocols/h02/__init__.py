"""The H02 protocol of LK106 and many other SOS pendants and trackers: text and binary on one connection."""
