"""What goes wrong. Where no dispatcher answers, httpx's own TransportError is raised."""

from __future__ import annotations

import httpx
from pydantic import ValidationError

from polyptych.models import FieldProblem, JobStatus, Problem

#: A gateway before the dispatcher may leave Retry-After out.
_USUAL_PAUSE = 1.0


class PolyptychError(Exception):
    """Any error of this package."""


class Refused(PolyptychError):
    """The dispatcher refused a request. The message explains the problem to people."""

    def __init__(self, status: int, problem: Problem | None, text: str, retry_after: float | None):
        super().__init__(_message(status, problem, text))
        self.status = status
        #: The problem document; None if something else than a dispatcher answered.
        self.problem = problem
        #: Such as ``UNKNOWN_TASK``; later versions may have others.
        self.code: str | None = problem.code if problem else None
        #: Each wrong field and its remedy.
        self.fields: list[FieldProblem] = (problem.errors if problem else None) or []
        #: Seconds after which the same request may succeed; None if it never will.
        self.retry_after = retry_after

    @property
    def temporary(self) -> bool:
        """Whether the same request may succeed later: a limit was hit, or a backend does not answer."""
        return self.retry_after is not None


class JobFailed(PolyptychError):
    """The job ended ``failed``, ``cancelled`` or ``expired``. It has no images."""

    def __init__(self, status: JobStatus):
        error = status.error
        super().__init__(f"job {status.id} is {status.state}" + (f": {error.code}, {error.detail}" if error else ""))
        self.status = status
        self.code: str | None = error.code if error else None


class NotTrusted(PolyptychError):
    """The callback is not from the dispatcher, or is too old."""


def refusal(response: httpx.Response) -> Refused:
    """Reads an answer that is no success, and whose body was read."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        problem = None
    return Refused(response.status_code, problem, response.text, retry_after(response))


def retry_after(response: httpx.Response) -> float | None:
    if response.status_code not in (429, 503):
        return None
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return _USUAL_PAUSE


def _message(status: int, problem: Problem | None, text: str) -> str:
    if problem is None:
        return f"the dispatcher answered {status}: {text[:500]}"
    lines = [f"{error.field} {error.detail}".strip() for error in problem.errors or []]
    return f"{problem.title}: " + "; ".join(lines or [problem.detail])
