"""Rehearsing: whole requests as data, played through the real processes, with what must come of them."""
