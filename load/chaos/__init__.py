"""What the server is put through on purpose: kills, clocks, limits, disks; see __main__.py."""
