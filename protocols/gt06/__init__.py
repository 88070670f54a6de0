"""The gt06 protocol: Concox and Jimi trackers and their clones over TCP."""
