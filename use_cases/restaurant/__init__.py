"""A pizza restaurant that takes orders on the phone."""
