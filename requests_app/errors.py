"""What can go wrong with a request, in words a person can act on."""

# ruff: noqa: N818  `except NotFound` reads better than `except NotFoundError`
from __future__ import annotations


class RequestError(Exception):
    """Something about a request cannot be done. The message is written for people.

    Attributes:
        permanent: the same call will fail again.
    """

    permanent = True


class InvalidAsk(RequestError):
    """The ask is empty, too long or not text."""


class Conflict(RequestError):
    """A client key was used again for another ask."""


class PlanRefused(RequestError):
    """A plan as the user wrote it breaks a rule."""


class NotFound(RequestError):
    """There is no such thing, or it is somebody else's: the two are not told apart."""


class NotPossibleNow(RequestError):
    """The request has moved on; what was asked for makes no sense any more."""


class NotATransition(RequestError):
    """Code asked for a change of status that the table does not list: a defect."""


class NeedsReason(NotFound):
    """It is somebody else's, and a member of staff may look at it after saying why."""
