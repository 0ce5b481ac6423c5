"""What Floyd learns from its user's own words."""
