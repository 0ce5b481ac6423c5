"""Contacts, appointments and facts from files: read apart, looked at first, saved as one batch that can be undone."""
