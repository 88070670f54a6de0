"""What an alarm costs in a house that is years old, against one that is new."""
