"""Reads server-sent events over any number of connections. No input or output here."""

from __future__ import annotations

import json

import httpx

from polyptych.errors import Refused
from polyptych.models import JobEvent

#: The dispatcher sends a comment every 15 seconds. A connection that is silent for longer is dead.
SILENCE = 45.0

#: How often a broken stream is resumed without any event in between.
FRUITLESS_RECONNECTS = 5

TERMINAL = ("done", "failed", "cancelled", "expired")


class Event(JobEvent):
    """An event of a job and its place in the job's stream: ``job.events(last_event_id=event.id)`` goes on after it."""

    id: str


class EventReader:
    def __init__(self, last_event_id: str | None):
        self.last_id = last_event_id
        self.ended = False
        self._fruitless = 0
        self._pending_id = ""
        self._rest = b""

    def headers(self) -> dict[str, str]:
        """Of the next connection."""
        self._rest, self._pending_id = b"", ""
        return {"Accept": "text/event-stream"} | ({"Last-Event-ID": self.last_id} if self.last_id else {})

    def feed(self, chunk: bytes) -> list[Event]:
        # Only at line feeds: JSON may hold other characters that Python takes for the end of a line.
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [event for line in lines if (event := self._line(line.rstrip(b"\r")))]

    def _line(self, line: bytes) -> Event | None:
        if line.startswith(b"id:"):
            self._pending_id = line[3:].strip().decode()
        elif line.startswith(b"data:"):
            event = Event.model_validate({**json.loads(line[5:]), "id": self._pending_id})
            self.last_id, self._fruitless = event.id, 0
            self.ended = event.state in TERMINAL
            return event
        return None

    def pause(self, end: httpx.TransportError | Refused | None) -> float:
        """Seconds until the next connection; raises why the last one ended when it is time to give up."""
        self._fruitless += 1
        if isinstance(end, Refused) and not end.temporary:
            raise end
        if self._fruitless > FRUITLESS_RECONNECTS:
            raise end or httpx.RemoteProtocolError("the dispatcher ended the events before the job")
        if isinstance(end, Refused) and end.retry_after is not None:
            return end.retry_after
        return 0.05 * (1 << self._fruitless)
