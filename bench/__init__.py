"""How many calls a core holds, how fast they answer, and what they cost. Start with `make bench`; docs/performance.md explains."""
