"""PURE: the tree of errors a person may meet, each with a stable code.

Messages are English message ids, marked with :func:`N_` and translated at the edge
(:mod:`core.web`), so that one refusal can be shown in both languages.
"""

from collections.abc import Mapping


def N_(message: str) -> str:
    """Return ``message`` unchanged; it marks a message id for the translation catalogue."""
    return message


class AppError(Exception):
    """A refusal with a stable code, an HTTP status and a sentence that says the next step."""

    status = 400

    def __init__(
        self, code: str, message: str, *, status: int | None = None, **params: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params
        if status is not None:
            self.status = status


class InvalidInput(AppError):
    """What was sent cannot be used; ``fields`` maps a field to its message id."""

    status = 422

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, message)
        self.params = params
        self.fields = dict(fields or {})


class Unauthenticated(AppError):
    """Nobody is signed in, or the token is unknown."""

    status = 401


class Forbidden(AppError):
    """The actor is known and may not do this."""

    status = 403


class NotFound(AppError):
    """There is nothing here, or nothing the actor may know of."""

    status = 404


class Conflict(AppError):
    """The state of things has moved on; reload and decide again."""

    status = 409


class TooMany(AppError):
    """Too many attempts; ``retry_after`` says in how many seconds to come back."""

    status = 429

    def __init__(self, code: str, message: str, *, retry_after: int, **params: object) -> None:
        super().__init__(code, message)
        self.params = params
        self.retry_after = retry_after


class Unavailable(AppError):
    """The service cannot answer now; nothing was stored."""

    status = 503
