"""Submits a job, follows it, fetches a panel and uploads it as a reference, by the generated client alone."""

import sys

import polyptych_api
from polyptych_api import JobRequest, Reference

PNG = b"\x89PNG\r\n\x1a\n"

with polyptych_api.ApiClient(polyptych_api.Configuration(host=sys.argv[1], access_token=sys.argv[2])) as client:
    jobs = polyptych_api.JobsApi(client)
    results = polyptych_api.ResultsApi(client)
    request = JobRequest(
        task="couple-profile", prompt="two cats", panels=["a black cat", "a white cat"], seed=7, steps=4
    )

    accepted = jobs.submit_job_with_http_info(request, idempotency_key="python-1")
    assert accepted.status_code == 202, accepted.status_code
    job = accepted.data.id
    print("submits")

    events = jobs.stream_events(job)
    assert "event: done" in events, events
    assert jobs.read_job(job).state == "done"
    print("follows")

    panel = bytes(results.read_panel(job, 1))
    assert panel.startswith(PNG), panel[:16]
    print("fetches")

    kept = jobs.put_reference(panel, _content_type="image/png")
    with_reference = request.model_copy(update={"references": [Reference(panel=1, key=kept.key)]})
    resolved = jobs.submit_job_with_http_info(with_reference, dry_run=True)
    assert resolved.status_code == 200, resolved.status_code
    print("uploads")
