"""A client of one dispatcher, and its jobs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx

from polyptych import _calls, models
from polyptych._base import Model
from polyptych._calls import Call, JobLike, Picture
from polyptych._events import SILENCE, Event, EventReader
from polyptych.errors import JobFailed, Refused, refusal

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class AsyncClient:
    """Talks to one dispatcher. Raises Refused when it refuses, and httpx.TransportError when none answers.

    :param url: of the dispatcher; ``POLYPTYCH_DISPATCHER`` or http://localhost:8080 when absent
    :param key: the API key; ``POLYPTYCH_API_KEY`` when absent
    :param retry_seconds: how long a call is sent again after 429 and 503, as ``Retry-After`` says; 0 for never
    :param http: a client of your own, for proxies, certificates and time limits
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        retry_seconds: float = 60.0,
        http: httpx.AsyncClient | None = None,
    ):
        self._url = _calls.address(url)
        self._authorization = _calls.authorization(key)
        self._retry_seconds = retry_seconds
        self._http = http or httpx.AsyncClient(timeout=httpx.Timeout(30.0, connect=5.0))

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    async def submit(self, job: JobLike, *, idempotency_key: str | None = None) -> AsyncJob:
        """Submits a job. One key is one job, however often it is submitted; when absent, each call is a new one."""
        return AsyncJob(self, await self._send(_calls.submit(job, idempotency_key)))

    async def dry_run(self, job: JobLike) -> models.ResolvedJob:
        """The job that a submission would create. Nothing is stored."""
        return await self._send(_calls.dry_run(job))

    async def submit_batch(
        self, jobs: Iterable[JobLike], *, batch: str | None = None, idempotency_key: str | None = None
    ) -> AsyncIterator[models.BatchVerdict]:
        """Submits any number of jobs, 500 a request, and gives each its verdict: an id or a problem, and its line.

        Jobs are taken and sent while the verdicts are read; without a reader nothing is sent.

        :param batch: id of the batch; a new one when absent
        """
        pending = _calls.Batch(batch, idempotency_key)
        for job in jobs:
            if pending.add(job):
                for call in pending.calls():
                    for verdict in await self._send(call):
                        yield verdict
        for call in pending.calls():
            for verdict in await self._send(call):
                yield verdict

    async def cancel_batch(self, batch: str) -> models.BatchCancellation:
        """Cancels every open job of the batch."""
        return await self._send(_calls.cancel_batch(batch))

    async def job(self, id: str) -> AsyncJob:
        """A job that was submitted before."""
        return AsyncJob(self, await self._send(_calls.read(id)))

    async def jobs(
        self, *, state: models.JobState | None = None, task: str | None = None, lane: models.Lane | None = None
    ) -> AsyncIterator[AsyncJob]:
        """Jobs, newest first."""
        cursor: str | None = None
        while True:
            page = await self._send(_calls.page(state, task, lane, cursor))
            for status in page.jobs:
                yield AsyncJob(self, status)
            cursor = page.cursor
            if cursor is None:
                return

    async def upload(self, picture: Picture) -> models.KeptReference:
        """Uploads a PNG, JPEG or WebP. Jobs refer to it by its ``key``."""
        return await self._send(_calls.upload(picture))

    async def tasks(self) -> models.Catalog:
        """The tasks that jobs may name."""
        return await self._send(Call("GET", "/v1/tasks", _calls.as_model(models.Catalog)))

    async def request(
        self, method: str, path: str, model: type[M], *, json: Any = None, query: Mapping[str, str] = {}
    ) -> M:
        """Any other call of the contract: ``client.request("GET", "/v1/adapters", models.AdapterList)``."""
        return await self._send(_calls.request(method, path, model, json, query))

    async def _send(self, call: Call[T]) -> T:
        retries = _calls.Retries(self._retry_seconds)
        while True:
            response = await self._http.request(
                call.method,
                self._url + call.path,
                content=call.content,
                headers={**self._authorization, **call.headers},
                params=call.query or None,
            )
            if response.status_code == 307 and call.method == "GET":
                # An image in the object store, which the key is not for.
                response = await self._http.get(urljoin(str(response.url), response.headers["Location"]))
            pause = retries.pause(response)
            if pause is None:
                return call.answer(response)
            await asyncio.sleep(pause)

    async def _events(self, id: str, last_event_id: str | None) -> AsyncIterator[Event]:
        reader = EventReader(last_event_id)
        while not reader.ended:
            end: httpx.TransportError | Refused | None = None
            try:
                async with self._http.stream(
                    "GET",
                    self._url + _calls.job_path(id, "/events"),
                    headers={**self._authorization, **reader.headers()},
                    timeout=httpx.Timeout(30.0, connect=5.0, read=SILENCE),
                ) as response:
                    if response.status_code == 204:
                        return  # it has settled, and its last event was seen
                    if response.status_code == 200:
                        async for chunk in response.aiter_bytes():
                            for event in reader.feed(chunk):
                                yield event
                            if reader.ended:
                                return
                    else:
                        await response.aread()
                        end = refusal(response)
            except httpx.TransportError as broken:
                end = broken
            await asyncio.sleep(reader.pause(end))


class AsyncJob:
    """A job at a dispatcher. ``status`` is what was last heard of it."""

    def __init__(self, client: AsyncClient, status: models.JobStatus):
        self._client = client
        self.status = status

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.state} {self.status.step}/{self.status.steps}>"

    @property
    def id(self) -> str:
        return self.status.id

    @property
    def state(self) -> models.JobState:
        return self.status.state

    async def refresh(self) -> AsyncJob:
        """Asks for the status."""
        self.status = await self._client._send(_calls.read(self.id))
        return self

    async def events(self, last_event_id: str | None = None) -> AsyncIterator[Event]:
        """The events up to the end of the job, each once, over broken connections too.

        :param last_event_id: go on after this one
        """
        async for event in self._client._events(self.id, last_event_id):
            yield event

    async def wait(self, on_progress: Callable[[Event], object] | None = None) -> AsyncJob:
        """Waits until the job is done. Its ``deadline`` is what ends a long wait.

        :param on_progress: is called with each event
        :raises JobFailed: when it ends in another state
        """
        async for event in self.events():
            if on_progress:
                on_progress(event)
        await self.refresh()
        if self.state != "done":
            raise JobFailed(self.status)
        return self

    async def cancel(self) -> AsyncJob:
        self.status = await self._client._send(_calls.cancel(self.id))
        return self

    async def reroll(
        self, panel: int, *, prompt: str | None = None, seed: int | None = None, idempotency_key: str | None = None
    ) -> AsyncJob:
        """A new job that draws one panel, counted from 1, again and keeps the others."""
        return AsyncJob(self._client, await self._client._send(_calls.reroll(self.id, panel, prompt, seed, idempotency_key)))

    async def panel(self, number: int) -> bytes:
        """One panel of a done job; the first is 1."""
        return await self._client._send(_calls.image(self.id, f"/panels/{number}"))

    async def panels(self) -> list[bytes]:
        return [await self.panel(number) for number in range(1, self.status.panels + 1)]

    async def sheet(self) -> bytes:
        """The picture that the panels are cut from."""
        return await self._client._send(_calls.image(self.id, "/sheet"))

    async def archive(self) -> bytes:
        """A ZIP of sheet, panels and receipt."""
        return await self._client._send(_calls.image(self.id, "/archive"))

    async def save(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Writes ``panel-1.png`` and so on, and ``sheet.png``. Returns the files, the sheet last."""
        written = []
        for below, file in _calls.files(self.status, folder):
            image = await self._client._send(_calls.image(self.id, below))
            file.write_bytes(image)
            written.append(file)
        return written

    async def receipt(self) -> models.Receipt:
        """What a done job was drawn with."""
        return await self._client._send(_calls.receipt(self.id))

    async def why(self) -> models.WhyReport:
        """Why it is where it is, and when it is likely to start."""
        return await self._client._send(_calls.why(self.id))
