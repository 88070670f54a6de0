"""The order of steps: find, lock, ask the core, file, then send. Only ports; no driver, no socket."""
