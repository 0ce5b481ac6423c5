"""Hearing, thinking and speaking: one Protocol each, one module per implementation."""
