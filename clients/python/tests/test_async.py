import asyncio
import inspect
import os

import pytest
from conftest import cats, fresh

from polyptych import AsyncClient, AsyncJob, Client, Job, JobFailed


def test_jobs_run_side_by_side(tmp_path):
    async def main():
        seen = []
        async with AsyncClient() as client:
            jobs = await asyncio.gather(*(client.submit(cats(seed=seed)) for seed in (1, 2)))
            await asyncio.gather(*(job.wait(on_progress=seen.append) for job in jobs))
            files = await jobs[0].save(tmp_path)
            assert files[0].read_bytes() == await jobs[0].panel(1) != await jobs[1].panel(1)
            assert {event.job for event in seen} == {job.id for job in jobs}
            assert len(await jobs[0].panels()) == 2

    asyncio.run(main())


def test_a_batch_and_its_jobs():
    async def main():
        batch = fresh()
        async with AsyncClient() as client:
            lines = [cats(steps=100, lane="batch")] * 2
            ids = [verdict.id async for verdict in client.submit_batch(lines, batch=batch)]
            assert (await client.cancel_batch(batch)).batch == batch
            listed = [job.id async for job in client.jobs(state="cancelled")]
            assert set(ids) <= set(listed)
            with pytest.raises(JobFailed):
                await (await client.job(ids[0])).wait()

    asyncio.run(main())


def test_broken_connections_and_busy_gateways():
    async def main():
        for fault in ("cut", "busy", "link"):
            async with AsyncClient(f"{os.environ['FAULTS']}/{fault}") as client:
                job = await client.submit(cats(steps=6))
                assert (await (await job.wait()).panel(2)).startswith(b"\x89PNG")

    asyncio.run(main())


@pytest.mark.parametrize(("blocking", "other"), [(Client, AsyncClient), (Job, AsyncJob)])
def test_both_clients_have_the_same_methods(blocking, other):
    def methods(kind):
        public = {name for name in vars(kind) if not name.startswith("_")}
        return {name.removeprefix("a") if name == "aclose" else name: str(inspect.signature(getattr(kind, name)))
                for name in public if callable(getattr(kind, name))}.keys()

    assert methods(blocking) == methods(other)
