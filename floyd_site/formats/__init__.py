"""How each language writes numbers."""
