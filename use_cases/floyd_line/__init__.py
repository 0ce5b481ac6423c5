"""Floyd's own number: its users ask for something, or how it stands."""
