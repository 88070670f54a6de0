"""Hours of moderate load: what grows although nothing should."""
