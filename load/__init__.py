"""Load profiles: what the promises are measured with, on loopback only."""
