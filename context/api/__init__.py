"""The API of what Floyd knows about a user, and how programs show who they are."""
