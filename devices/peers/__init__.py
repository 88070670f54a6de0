"""Local stand-ins for the push and text providers. They speak the providers' protocols on loopback, nothing else."""
