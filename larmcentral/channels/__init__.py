"""One way out each."""
