"""Store: everything that talks to PostgreSQL, and nothing else."""
