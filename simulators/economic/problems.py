"""What the simulated vendor refuses, and why."""

from __future__ import annotations


class ProblemError(Exception):
    """A refusal as e-conomic words it: status, code, message and a hint for the developer."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint


def invalid(code: str, message: str, hint: str = "") -> ProblemError:
    return ProblemError(400, code, message, hint)


def missing(what: str) -> ProblemError:
    return ProblemError(404, "NotFound", f"{what} does not exist")
