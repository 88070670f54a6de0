"""The watch protocol: SeTracker and Beesure watches and pendants over TCP."""
