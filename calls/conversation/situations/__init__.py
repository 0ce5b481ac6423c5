"""The awkward parts of real calls: phone menus, hold, voicemail, call screening, and people who are not to be talked with any longer.

`situations.Situations` sees every event before the ordinary conversation does. While a machine has the line, the event ends there.
"""
