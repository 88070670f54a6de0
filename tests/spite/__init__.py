"""What somebody tries who means us no good: over HTTP, in the database, at the log-in."""
