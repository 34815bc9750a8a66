import io
import os
import threading
import zipfile
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from conftest import behind, cats, fresh

from polyptych import Client, JobFailed, Refused, models, verify_callback

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_job_shows_its_progress_and_its_panels(client, done, tmp_path):
    seen = []

    job = client.submit(cats(seed=7, steps=24, previews=True)).wait(on_progress=seen.append)

    assert job.state == "done" and seen[-1].state == "done"
    assert [event.step for event in seen] == sorted(event.step for event in seen)
    assert {event.preview[:2] for event in seen if event.preview} == {b"\xff\xd8"}
    files = job.save(tmp_path / "cats")
    assert [file.name for file in files] == ["panel-1.png", "panel-2.png", "sheet.png"]
    assert [file.read_bytes() for file in files[:2]] == job.panels()
    assert done.panels() == client.submit(cats(seed=7)).wait().panels()
    assert job.sheet().startswith(PNG)
    assert len(zipfile.ZipFile(io.BytesIO(job.archive())).namelist()) == 4
    assert job.receipt().request.seed == 7 and job.why().reasons[0].code == "SETTLED"


def test_a_key_is_one_job(client):
    key = fresh()

    first, again = (client.submit(cats(steps=1), idempotency_key=key) for _ in range(2))

    assert first.id == again.id != client.submit(cats(steps=1)).id


def test_a_reference_is_uploaded_from_a_file_from_bytes_and_from_a_stream(client, done, tmp_path):
    file = done.save(tmp_path)[0]

    keys = {client.upload(picture).key for picture in (file, str(file), file.read_bytes(), file.open("rb"))}

    assert len(keys) == 1
    reference = models.Reference(panel=1, key=keys.pop())
    assert client.dry_run(cats(references=[reference], guidance=2)).sampling.guidance == 2
    with pytest.raises(Refused, match="PNG"):
        client.upload(b"no picture")


def test_a_panel_is_drawn_again(client, done):
    job = done.reroll(2, prompt="a red cat", seed=3).wait()

    assert job.status.rerollOf == done.id
    assert job.panel(1) == done.panel(1) and job.panel(2) != done.panel(2)


def test_a_batch_of_any_length_has_a_verdict_for_each_line(client):
    batch = fresh()
    key = fresh()
    # Jobs that nobody has to draw, and one that is refused beyond the first request.
    jobs = [cats(steps=100, lane="batch") if line != 555 else cats(task="couple-profil") for line in range(1, 602)]

    verdicts = list(client.submit_batch((job for job in jobs), batch=batch, idempotency_key=key))
    cancelled = client.cancel_batch(batch)

    assert [verdict.line for verdict in verdicts] == list(range(1, 602))
    assert [verdict.line for verdict in verdicts if verdict.problem] == [555]
    assert "did you mean 'couple-profile'" in verdicts[554].problem.detail
    assert cancelled.cancelled + cancelled.settled == 600
    again = client.submit_batch(jobs, batch=batch, idempotency_key=key)
    assert [verdict.id for verdict in again] == [verdict.id for verdict in verdicts]
    assert list(client.submit_batch([])) == []


def test_jobs_are_listed_over_pages(client, done):
    ids = [job.id for job in client.jobs(task="couple-profile")]

    assert len(ids) == len(set(ids)) > 600 and done.id in ids


def test_a_job_that_is_cancelled_or_expires_is_no_success(client):
    job = client.submit(cats(steps=100, lane="batch")).cancel()
    with pytest.raises(JobFailed, match="is cancelled"):
        job.wait()

    soon = datetime.now(timezone.utc) + timedelta(seconds=0.5)
    late = client.submit(cats(steps=100, deadline=models.Deadline(finishBy=soon)))
    with pytest.raises(JobFailed) as failure:
        late.wait()
    assert failure.value.status.state == "expired" and failure.value.code == "DEADLINE_PASSED"


def test_a_refusal_names_the_field_and_the_remedy(client):
    with pytest.raises(Refused) as refusal:
        client.submit({"task": "couple-profile", "prompt": "two cats", "panels": ["a", "b"], "steps": 1000, "sed": 1})

    assert refusal.value.status == 422 and refusal.value.retry_after is None
    assert {problem.field for problem in refusal.value.fields} == {"steps", "sed"}
    assert "seed" in str(refusal.value)
    with pytest.raises(Refused, match="no such job"):
        client.job("j-unknown")
    with pytest.raises(Refused, match="API key"):
        Client(key="pp_other").tasks()


def test_a_limit_is_waited_for_within_the_time_given():
    with Client(key=os.environ["SLOW_KEY"], retry_seconds=0) as hasty:
        with pytest.raises(Refused) as refusal:
            for _ in range(2):
                hasty.submit(cats(steps=1))
    assert refusal.value.code == "RATE_EXCEEDED" and refusal.value.temporary
    assert refusal.value.retry_after >= 1 and refusal.value.problem.limit.name == "submissionsPerSecond"

    with Client(key=os.environ["SLOW_KEY"]) as patient:
        assert len({patient.submit(cats(steps=1)).id for _ in range(2)}) == 2


def test_what_a_busy_gateway_refuses_is_sent_again(done):
    with behind("busy") as client:
        assert client.job(done.id).panel(1) == done.panel(1)
        assert client.submit(cats(steps=1)).wait().state == "done"


def test_events_go_on_after_each_broken_connection(client, done):
    whole = [event.id for event in done.events()]

    with behind("cut") as cut:
        assert [event.id for event in cut.job(done.id).events()] == whole
        assert cut.submit(cats()).wait().state == "done"

    assert [event.id for event in done.events(last_event_id=whole[1])] == whole[2:]
    assert list(done.events(last_event_id=whole[-1])) == []


def test_events_that_never_come_are_given_up(done):
    with behind("deaf") as client, pytest.raises(httpx.RemoteProtocolError, match="ended the events"):
        client.job(done.id).wait()


def test_the_key_does_not_follow_a_link_to_the_object_store(done):
    with behind("link") as client:
        assert client.job(done.id).panels() == done.panels()


def test_where_no_dispatcher_answers_httpx_says_so():
    with Client("http://localhost:9") as client, pytest.raises(httpx.ConnectError):
        client.tasks()


def test_other_calls_are_a_request_away(client):
    assert "couple-profile" in {task.id for task in client.tasks().tasks}
    assert client.request("GET", "/v1/workers", models.WorkerList).workers[0].model
    with pytest.raises(Refused) as refusal:
        client.request("PUT", "/v1/tasks/mine", models.TaskVersion, json={"title": "Mine"})
    assert refusal.value.status in (422, 501)


def test_a_callback_that_the_dispatcher_sends_is_trusted(client):
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        job = client.submit(cats(steps=1, callbackUrl=f"http://127.0.0.1:{server.server_port}/done"))
        thread.join(60)

    headers, body = got[0]
    status = verify_callback(headers, body, [os.environ["CALLBACK_SECRET"]])
    assert status.id == job.id == headers["webhook-id"] and status.state == "done"
