"""MiniFinder's and Eview's current pendants: binary frames with a checksum, records made of short items."""
