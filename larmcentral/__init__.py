"""The server: flows in the middle, shells around them."""
