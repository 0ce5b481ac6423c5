"""Parkview Apartments: what is free, when it can be seen, and tours."""
