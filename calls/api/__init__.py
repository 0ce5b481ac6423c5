"""The API of calls: what was said, and how long it took. Read only."""
