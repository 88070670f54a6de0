"""The only doubles; no mock library."""
