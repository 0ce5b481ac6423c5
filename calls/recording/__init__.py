"""Calls whose sound is kept: whether it may be, and hearing it afterwards."""
