"""Fixtures of the tests that drive the real processes."""

from tests.end_to_end.processes import processes, shared_processes

__all__ = ["processes", "shared_processes"]
