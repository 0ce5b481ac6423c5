"""The API of calls: what was said and how long it took, and what its user does with one that goes on."""
