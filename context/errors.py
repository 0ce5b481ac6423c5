"""What can go wrong with what Floyd knows, in words a person can act on."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something cannot be noted. The message is written for people.

    Attributes:
        field: what is wrong, e.g. phone.
        permanent: the same call will fail again.
    """

    permanent = True

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotKnown(Exception):  # noqa: N818  `except NotKnown` reads better than `except NotKnownError`
    """There is no such thing, or it is somebody else's: the two are not told apart."""

    permanent = True
