"""A way to the dispatcher on which things go wrong: the first part of a path says what.

`/cut/…` ends streams of events after two events. `/busy/…` answers every other request with 503. `/link/…` answers
images with a link to another port, which refuses an API key. `/deaf/…` ends streams of events before the first.
`/site/…` serves files, and what is posted to `/report` is kept.
"""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TYPES = {".html": "text/html", ".js": "text/javascript"}


class Faults:
    def __init__(self, dispatcher_port, key, site):
        self.reported = threading.Event()
        self.report = None
        self.store = _serve(_store(dispatcher_port, key))
        self.way = _serve(_way(self, dispatcher_port, self.store.server_port, site))
        self.address = f"http://localhost:{self.way.server_port}"

    def stop(self):
        self.way.shutdown()
        self.store.shutdown()


def _serve(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def forward(self, port, path, headers, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(self.command, path, body, headers)
        return connection.getresponse()

    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _store(dispatcher_port, key):
    """Images, for callers without a key."""

    class Store(_Handler):
        def do_GET(self):
            if "Authorization" in self.headers:
                self.answer(400, body=b"the API key is not for the object store")
                return
            response = self.forward(dispatcher_port, self.path, {"Authorization": "Bearer " + key})
            self.answer(response.status, body=response.read())

    return Store


def _way(faults, dispatcher_port, store_port, site):
    busy = set()

    class Way(_Handler):
        def do_GET(self):
            _, fault, path = self.path.split("/", 2)
            body = self.body()
            if fault == "site":
                file = Path(site) / path
                self.answer(200, [("Content-Type", TYPES[file.suffix])], file.read_bytes())
                return
            if fault == "busy" and (self.command, path) not in busy:
                busy.add((self.command, path))
                self.answer(503, [("Retry-After", "1")], b"a gateway is busy")
                return
            busy.discard((self.command, path))
            if fault == "link" and "/panels/" in path:
                self.answer(307, [("Location", f"http://127.0.0.1:{store_port}/{path}")])
                return
            kept = ("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Accept")
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            self.pass_on(self.forward(dispatcher_port, "/" + path, headers, body or None), fault)

        do_PUT = do_DELETE = do_GET

        def do_POST(self):
            if self.path == "/report":
                faults.report = self.body().decode()
                faults.reported.set()
                self.answer(204)
            else:
                self.do_GET()

        def pass_on(self, response, fault):
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.end_headers()
            events = 0
            while line := response.readline():
                self.wfile.write(line)
                self.wfile.flush()
                events += line.startswith(b"data:")
                if response.getheader("Content-Type") == "text/event-stream" and events >= {"cut": 2, "deaf": 0}.get(fault, 1e9):
                    return

    return Way
