"""A request in the terminal: what is known of it, what is new, and how it looks."""
