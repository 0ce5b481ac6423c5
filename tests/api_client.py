"""A program that calls the API, with a token or a session."""

from __future__ import annotations

from typing import Any

from django.test import Client

from context.models import User
from context.tokens import create_token


class Program(Client):
    """Sends and gets JSON. `path` comes after /api/v1/."""

    def __init__(self, user: User | None = None, *, token: str = "", **options: Any) -> None:
        super().__init__(raise_request_exception=False, **options)
        if user is not None:
            token = create_token(user=user, name="tests")[1]
        if token:
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; underscores in header names stand for dashes."""
        media_type = headers.pop("Content_Type", "application/json")
        sent = {"data": body if isinstance(body, bytes | str) else self._json(body), "content_type": media_type} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.generic(method, path if path.startswith("/") else f"/api/v1/{path}", headers=named, **sent)

    def read(self, path: str, **headers: str) -> Any:
        """The JSON of a GET that works."""
        response = self.call("GET", path, **headers)
        assert response.status_code == 200, (response.status_code, response.content)
        return response.json()

    @staticmethod
    def _json(body: Any) -> str:
        import json

        return json.dumps(body)


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem that a response is; every one is whole and says what to do."""
    assert response.status_code == status, (response.status_code, response.content)
    assert response.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status and found["title"] and found["type"]
    assert found["detail"][0].isupper() or found["detail"][0] == "“", found
    assert found["detail"].endswith(".") or "here: http" in found["detail"] or "see it: http" in found["detail"], found
    return found
