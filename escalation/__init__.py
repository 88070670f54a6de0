"""Events and time to decisions: who is told next, by which way, and until when. Pure."""
