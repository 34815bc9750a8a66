// The cluster that `clients/test` started: its address and key are in the environment, as callers have them.
import assert from 'node:assert/strict';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { before, test } from 'node:test';

import {
  Client, Job, JobFailed, PolyptychError, Refused, verifyCallback, type BatchVerdict, type Event, type JobRequest,
  type WorkerList,
} from 'polyptych';
import { save, uploadFile } from 'polyptych/node';

const client = new Client();
let done: Job;

before(async () => {
  done = await (await client.submit(cats({ seed: 7 }))).wait();
});

test('a job shows its progress and its panels', async () => {
  const seen: Event[] = [];

  const job = await client.submit(cats({ seed: 7, steps: 24, previews: true }));
  await job.wait({ onProgress: (event) => seen.push(event) });

  assert.equal(job.state, 'done');
  assert.equal(seen.at(-1)?.state, 'done');
  const previews = seen.flatMap(({ preview }) => preview ?? []);
  assert.ok(previews.length > 0 && previews.every((preview) => atob(preview).startsWith('\xff\xd8')));
  const folder = join(await mkdtemp(join(tmpdir(), 'polyptych-')), 'cats');
  const files = await save(job, folder);
  assert.deepEqual(files.map((file) => basename(file)), ['panel-1.png', 'panel-2.png', 'sheet.png']);
  const panels = await Promise.all((await job.panels()).map(bytes));
  assert.deepEqual(await Promise.all(files.slice(0, 2).map((file) => readFile(file))), panels);
  const again = await (await client.submit(cats({ seed: 7 }))).wait();
  assert.deepEqual(await bytes(await again.panel(2)), await bytes(await done.panel(2)));
  assert.equal((await job.sheet()).type, 'image/png');
  assert.match((await bytes(await job.archive())).toString('latin1'), /^PK/);
  assert.equal((await job.receipt()).request.seed, 7);
  assert.equal((await job.why()).reasons[0]?.code, 'SETTLED');
  const kept = await uploadFile(client, files[0]!);
  assert.equal(kept.key, (await client.upload(await job.panel(1))).key);
  const resolved = await client.dryRun(cats({ references: [{ panel: 1, key: kept.key }], guidance: 2 }));
  assert.equal(resolved.sampling.guidance, 2);
  await assert.rejects(client.upload(new Uint8Array(3)), /PNG/);
});

test('a key is one job', async () => {
  const idempotencyKey = fresh();

  const first = await client.submit(cats({ steps: 1 }), { idempotencyKey });

  assert.equal((await client.submit(cats({ steps: 1 }), { idempotencyKey })).id, first.id);
  assert.notEqual((await client.submit(cats({ steps: 1 }))).id, first.id);
});

test('a panel is drawn again', async () => {
  const job = await (await done.reroll(2, { prompt: 'a red cat', seed: 3 })).wait();

  assert.equal(job.status.rerollOf, done.id);
  assert.deepEqual(await bytes(await job.panel(1)), await bytes(await done.panel(1)));
  assert.notDeepEqual(await bytes(await job.panel(2)), await bytes(await done.panel(2)));
});

test('a batch of any length has a verdict for each line, and its jobs are listed over pages', async () => {
  const options = { batch: fresh(), idempotencyKey: fresh() };
  // Jobs that nobody has to draw, and one that is refused beyond the first request.
  const jobs = Array.from({ length: 601 }, (_, index) =>
    index === 554 ? cats({ task: 'couple-profil' }) : cats({ steps: 100, lane: 'batch' }),
  );

  const verdicts = await all<BatchVerdict>(client.submitBatch(jobs, options));
  const cancelled = await client.cancelBatch(options.batch);

  assert.deepEqual(verdicts.map(({ line }) => line), jobs.map((_, index) => index + 1));
  assert.deepEqual(verdicts.flatMap(({ line, problem }) => (problem ? [line] : [])), [555]);
  assert.match(verdicts[554]!.problem!.detail, /did you mean 'couple-profile'/);
  assert.equal(cancelled.cancelled + cancelled.settled, 600);
  const again = await all(client.submitBatch(jobs, options));
  assert.deepEqual(again.map(({ id }) => id), verdicts.map(({ id }) => id));
  assert.deepEqual(await all(client.submitBatch([])), []);
  const listed = new Set((await all(client.jobs({ task: 'couple-profile' }))).map(({ id }) => id));
  assert.ok(listed.size > 600);
  assert.ok(verdicts.every(({ id }) => !id || listed.has(id)));
});

test('a job that is cancelled is no success', async () => {
  const job = await (await client.submit(cats({ steps: 100, lane: 'batch' }))).cancel();

  await assert.rejects(job.wait(), (failure) => failure instanceof JobFailed && failure.status.state === 'cancelled');
});

test('a refusal names the field and the remedy', async () => {
  const wrong = { ...cats({ steps: 1000 }), sed: 1 };
  await assert.rejects(client.submit(wrong), (failure) => {
    assert.ok(failure instanceof Refused);
    assert.deepEqual(failure.fields.map(({ field }) => field).sort(), ['sed', 'steps']);
    assert.match(failure.message, /seed/);
    return failure.status === 422 && !failure.temporary;
  });
  await assert.rejects(client.job('j-unknown'), { name: 'Refused', code: 'UNKNOWN_JOB' });
  await assert.rejects(new Client({ key: 'pp_other' }).tasks(), /API key/);
});

test('a limit is waited for within the time given', async () => {
  const key = process.env.SLOW_KEY;
  const hasty = new Client({ key, retrySeconds: 0 });
  await assert.rejects(
    Promise.all([1, 2].map(() => hasty.submit(cats({ steps: 1 })))),
    (failure) => failure instanceof Refused && failure.code === 'RATE_EXCEEDED' && failure.retryAfter! >= 1,
  );

  const patient = new Client({ key });
  assert.notEqual((await patient.submit(cats({ steps: 1 }))).id, (await patient.submit(cats({ steps: 1 }))).id);
});

test('what a busy gateway refuses is sent again', async () => {
  const busy = behind('busy');
  assert.deepEqual(await bytes(await (await busy.job(done.id)).panel(1)), await bytes(await done.panel(1)));
  assert.equal((await (await busy.submit(cats({ steps: 1 }))).wait()).state, 'done');
});

test('events go on after each broken connection', async () => {
  const whole = await ids(done.events());

  const cut = behind('cut');
  assert.deepEqual(await ids((await cut.job(done.id)).events()), whole);
  assert.equal((await (await cut.submit(cats({}))).wait()).state, 'done');

  assert.deepEqual(await ids(done.events({ lastEventId: whole[1] })), whole.slice(2));
  assert.deepEqual(await ids(done.events({ lastEventId: whole.at(-1) })), []);
});

test('events that never come are given up', async () => {
  const job = await behind('deaf').job(done.id);
  await assert.rejects(job.wait(), (failure) => failure instanceof PolyptychError && /ended the events/.test(failure.message));
});

test('a wait ends when it is aborted', async () => {
  const job = await client.submit(cats({ steps: 100, lane: 'batch' }));
  const stop = new AbortController();

  const waiting = job.wait({ signal: stop.signal, onProgress: () => stop.abort() });

  await assert.rejects(waiting, { name: 'AbortError' });
  await job.cancel();
});

test('the key does not follow a link to the object store', async () => {
  const job = await behind('link').job(done.id);
  assert.deepEqual(await bytes(await job.panel(1)), await bytes(await done.panel(1)));
});

test('where no dispatcher answers fetch says so', async () => {
  await assert.rejects(new Client({ url: 'http://localhost:9' }).tasks(), TypeError);
});

test('other calls are a line away', async () => {
  assert.ok((await client.tasks()).tasks.some(({ id }) => id === 'couple-profile'));
  assert.ok((await client.json<WorkerList>('/v1/workers')).workers[0]?.model);
});

test('a callback that the dispatcher sends is trusted', async () => {
  const { promise, resolve } = withResolvers<{ headers: IncomingMessage['headers']; body: Uint8Array }>();
  const receiver = createServer(async (request, response) => {
    const body = Buffer.concat(await all<Buffer>(request));
    response.writeHead(204).end();
    resolve({ headers: request.headers, body });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  try {
    const callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/done`;
    const job = await client.submit(cats({ steps: 1, callbackUrl }));
    const { headers, body } = await promise;
    const status = await verifyCallback(headers, body, process.env.CALLBACK_SECRET!);
    assert.deepEqual([status.id, status.state, headers['webhook-id']], [job.id, 'done', job.id]);
  } finally {
    receiver.close();
  }
});

function cats(more: Partial<JobRequest>): JobRequest {
  return { task: 'couple-profile', prompt: 'two cats', panels: ['a black cat', 'a white cat'], steps: 4, ...more };
}

/** A client on whose way something goes wrong; faults.py has the list. */
function behind(fault: string): Client {
  return new Client({ url: `${process.env.FAULTS}/${fault}` });
}

function fresh(): string {
  return crypto.randomUUID();
}

async function bytes(image: Blob): Promise<Buffer> {
  return Buffer.from(await image.arrayBuffer());
}

async function all<T>(things: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const thing of things) {
    list.push(thing);
  }
  return list;
}

async function ids(events: AsyncIterable<Event>): Promise<string[]> {
  return (await all(events)).map(({ id }) => id);
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
