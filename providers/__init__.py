"""Hearing, thinking, speaking and the directory of businesses: one Protocol each, one module per implementation."""
