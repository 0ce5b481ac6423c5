"""Pages of the admin as a browser sends them back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """The values of a page's form controls."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, self.values[name] = name, ""
        elif tag == "option" and "selected" in found and self._select:
            self.values[self._select] = found.get("value", "")
        elif tag == "input" and name and not (found.get("type") == "checkbox" and "checked" not in found) and found.get("type") != "submit":
            self.values[name] = found.get("value", "on" if found.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # A browser leaves out the line break behind the tag.
            self.values[self._area] = self.values[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the form of that page would send if nothing was changed."""
    response = client.get(address)
    assert response.status_code == 200
    fields = _Fields()
    fields.feed(response.content.decode())
    fields.values.pop("csrfmiddlewaretoken", None)
    return {name: value for name, value in fields.values.items() if not name.startswith("_")}


def act(client: Client, address: str, action: str, *keys: Any) -> list[str]:
    """Runs an action on rows of a list. Returns what the page then says."""
    response = client.post(address, {"action": action, "_selected_action": [str(key) for key in keys]}, follow=True)
    return [str(message) for message in response.context["messages"]]
