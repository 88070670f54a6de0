"""The desk and the phones under load: many who read the live feed while alarms come."""
