"""What a browser says of itself, as its owner would call it."""

from __future__ import annotations

_BROWSERS = (("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"))
_LAST_BROWSERS = (("Chrome/", "Chrome"), ("Safari/", "Safari"))  # others say these, too
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Macintosh", "Mac"), ("Windows", "Windows"), ("Linux", "Linux"))


def browser_and_system(agent: str) -> tuple[str, str]:
    """Names of the browser and of what it runs on, from its User-Agent; empty where it does not say."""
    browser = next((name for mark, name in (*_BROWSERS, *_LAST_BROWSERS) if mark in agent), "")
    return browser, next((name for mark, name in _SYSTEMS if mark in agent), "")
