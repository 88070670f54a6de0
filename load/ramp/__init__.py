"""A rate that rises until the house no longer keeps up, and where its knee is."""
