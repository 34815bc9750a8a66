"""The calls of the contract: what is sent and how the answer is read. No input or output here."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar
from urllib.parse import quote

import httpx

from polyptych import models
from polyptych._base import Model
from polyptych.errors import PolyptychError, refusal, retry_after
from polyptych.models import JobRequest, JobStatus

T = TypeVar("T")
M = TypeVar("M", bound=Model)

#: A job as its class or as a dictionary.
JobLike = JobRequest | Mapping[str, Any]
#: A picture as the name of its file, its bytes or an open file.
Picture = str | os.PathLike[str] | bytes | BinaryIO

#: Lines of a request. All its verdicts fit into the buffers of a connection, so nobody has to read while writing.
BATCH_LINES = 500


@dataclass(frozen=True)
class Call(Generic[T]):
    method: str
    path: str
    read: Callable[[httpx.Response], T]
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def answer(self, response: httpx.Response) -> T:
        if not response.is_success:
            raise refusal(response)
        return self.read(response)


class Retries:
    """How long one call is sent again: as `Retry-After` says, and no longer than the limit."""

    def __init__(self, seconds: float):
        self._end = time.monotonic() + seconds

    def pause(self, response: httpx.Response) -> float | None:
        """Seconds before the next try; None when the answer stands."""
        seconds = retry_after(response)
        return seconds if seconds is not None and time.monotonic() + seconds <= self._end else None


def address(url: str | None) -> str:
    return (url or os.environ.get("POLYPTYCH_DISPATCHER") or "http://localhost:8080").rstrip("/")


def authorization(key: str | None) -> dict[str, str]:
    found = key or os.environ.get("POLYPTYCH_API_KEY")
    return {"Authorization": f"Bearer {found}"} if found else {}


def as_model(model: type[M]) -> Callable[[httpx.Response], M]:
    return lambda response: model.model_validate_json(response.content)


def _bytes(response: httpx.Response) -> bytes:
    return response.content


def job_path(id: str, below: str = "") -> str:
    return f"/v1/jobs/{quote(id, safe='')}{below}"


def _body(message: Model) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()


def _job(job: JobLike) -> bytes:
    return _body(job if isinstance(job, JobRequest) else JobRequest.model_validate(job))


def new_key() -> str:
    """A submission always has a key: sent again, it is still one job."""
    return str(uuid.uuid4())


def request(method: str, path: str, model: type[M], body: Any, query: Mapping[str, str]) -> Call[M]:
    if body is None:
        content = None
    else:
        content = _body(body) if isinstance(body, Model) else json.dumps(body).encode()
    return Call(method, path, as_model(model), content, _JSON if content else {}, query)


_JSON = {"Content-Type": "application/json"}


def submit(job: JobLike, key: str | None) -> Call[JobStatus]:
    headers = {**_JSON, "Idempotency-Key": key or new_key()}
    return Call("POST", "/v1/jobs", as_model(JobStatus), _job(job), headers)


def dry_run(job: JobLike) -> Call[models.ResolvedJob]:
    return Call("POST", "/v1/jobs", as_model(models.ResolvedJob), _job(job), _JSON, {"dryRun": "true"})


def read(id: str) -> Call[JobStatus]:
    return Call("GET", job_path(id), as_model(JobStatus))


def cancel(id: str) -> Call[JobStatus]:
    return Call("DELETE", job_path(id), as_model(JobStatus))


def why(id: str) -> Call[models.WhyReport]:
    return Call("GET", job_path(id, "/why"), as_model(models.WhyReport))


def receipt(id: str) -> Call[models.Receipt]:
    return Call("GET", job_path(id, "/receipt"), as_model(models.Receipt))


def reroll(id: str, panel: int, prompt: str | None, seed: int | None, key: str | None) -> Call[JobStatus]:
    content = _body(models.RerollRequest(prompt=prompt, seed=seed))
    headers = {**_JSON, "Idempotency-Key": key or new_key()}
    return Call("POST", job_path(id, f"/panels/{panel}:reroll"), as_model(JobStatus), content, headers)


def image(id: str, below: str) -> Call[bytes]:
    return Call("GET", job_path(id, below), _bytes)


def page(state: str | None, task: str | None, lane: str | None, cursor: str | None) -> Call[models.JobPage]:
    query = {"state": state, "task": task, "lane": lane, "cursor": cursor, "limit": "200"}
    return Call("GET", "/v1/jobs", as_model(models.JobPage), query={name: text for name, text in query.items() if text})


def upload(picture: Picture) -> Call[models.KeptReference]:
    if isinstance(picture, bytes):
        content = picture
    elif isinstance(picture, (str, os.PathLike)):
        content = Path(picture).read_bytes()
    else:
        content = picture.read()
    headers = {"Content-Type": _media_type(content)}
    return Call("PUT", "/v1/references", as_model(models.KeptReference), content, headers)


def _media_type(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"  # which the dispatcher refuses, with its reasons


def cancel_batch(batch: str) -> Call[models.BatchCancellation]:
    return Call("DELETE", "/v1/jobs", as_model(models.BatchCancellation), query={"batch": batch})


class Batch:
    """Makes requests of up to 500 lines of a batch, and reads their verdicts."""

    def __init__(self, batch: str | None, key: str | None):
        self.id = batch or f"b-{uuid.uuid4().hex}"
        self._key = key or new_key()
        self._sent = 0
        self._lines: list[bytes] = []

    def add(self, job: JobLike) -> bool:
        """Whether it is time for a request."""
        self._lines.append(_job(job))
        return len(self._lines) == BATCH_LINES

    def calls(self) -> Iterator[Call[list[models.BatchVerdict]]]:
        """One call for the jobs that were added since the last one; none without any."""
        if self._lines:
            before, lines = self._sent, len(self._lines)
            headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"{self._key}/{before}"}
            content = b"".join(line + b"\n" for line in self._lines)
            self._sent, self._lines = before + lines, []
            yield Call(
                "POST", "/v1/jobs:batch", lambda response: self._verdicts(response, before, lines), content, headers,
                {"batch": self.id},
            )

    def _verdicts(self, response: httpx.Response, before: int, lines: int) -> list[models.BatchVerdict]:
        answers = [json.loads(line) for line in response.content.split(b"\n") if line]
        if not answers or answers[-1].get("lines") != lines:
            raise PolyptychError(
                f"the answer to batch {self.id} was cut off; send the same jobs again with "
                f"idempotency_key={self._key!r}, and none is drawn twice"
            )
        return [models.BatchVerdict.model_validate({**line, "line": before + line["line"]}) for line in answers[1:-1]]


def files(status: JobStatus, folder: str | os.PathLike[str]) -> Iterable[tuple[str, Path]]:
    """What is fetched of a done job and where it goes, the sheet last."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    names = [(f"/panels/{panel}", f"panel-{panel}") for panel in range(1, status.panels + 1)]
    return [(below, Path(folder) / f"{name}.{status.format}") for below, name in [*names, ("/sheet", "sheet")]]
