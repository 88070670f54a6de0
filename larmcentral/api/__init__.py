"""HTTP and live feed for people: thin. shapes.py is the single source of its types."""
