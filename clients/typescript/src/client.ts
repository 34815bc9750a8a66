import type {
  BatchCancellation, BatchVerdict, Catalog, JobPage, JobRequest, JobState, JobStatus, KeptReference, Lane, Receipt,
  ResolvedJob, WhyReport,
} from './contract.js';
import { JobFailed, PolyptychError, refusal, retryAfter } from './errors.js';
import { EventReader, SILENCE, type Event } from './events.js';

/** Seconds until an answer begins; streams of events have no limit. */
const ANSWER = 30;

/** Lines of a request. All its verdicts fit into the buffers of a connection, so nobody has to read while writing. */
const BATCH_LINES = 500;

export interface ClientOptions {
  /** Of the dispatcher; `POLYPTYCH_DISPATCHER` or http://localhost:8080 when absent. */
  url?: string;
  /** The API key; `POLYPTYCH_API_KEY` when absent. */
  key?: string;
  /** How long a call is sent again after 429 and 503, as `Retry-After` says. 60 when absent, 0 for never. */
  retrySeconds?: number;
  /** A fetch of your own. */
  fetch?: typeof fetch;
}

/** Ends a call before its time. */
export interface Abortable {
  signal?: AbortSignal;
}

/** One key is one job, however often it is submitted. When absent, each call is a new one. */
export interface Keyed extends Abortable {
  idempotencyKey?: string;
}

export interface Request extends Abortable {
  method?: string;
  headers?: Record<string, string>;
  query?: Record<string, string | undefined>;
  body?: string | Blob;
  /** Until the answer begins; 30 when absent. */
  timeoutSeconds?: number;
}

/** Talks to one dispatcher. Throws {@link Refused} when it refuses, and fetch's TypeError when none answers. */
export class Client {
  readonly #url: string;
  readonly #key: string | undefined;
  readonly #retrySeconds: number;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions = {}) {
    const environment = globalThis.process?.env ?? {};
    this.#url = (options.url ?? environment.POLYPTYCH_DISPATCHER ?? 'http://localhost:8080').replace(/\/+$/, '');
    this.#key = options.key ?? environment.POLYPTYCH_API_KEY;
    this.#retrySeconds = options.retrySeconds ?? 60;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  async submit(job: JobRequest, options: Keyed = {}): Promise<Job> {
    return new Job(this, await this.json('/v1/jobs', submission(job, options)));
  }

  /** The job that a submission would create. Nothing is stored. */
  async dryRun(job: JobRequest, options: Abortable = {}): Promise<ResolvedJob> {
    return this.json('/v1/jobs', { ...submission(job, options), query: { dryRun: 'true' } });
  }

  /**
   * Submits any number of jobs, 500 a request, and gives each its verdict: an id or a problem, and its line. Jobs are
   * taken and sent while the verdicts are read; without a reader nothing is sent.
   */
  async *submitBatch(
    jobs: Iterable<JobRequest> | AsyncIterable<JobRequest>,
    options: Keyed & { batch?: string } = {},
  ): AsyncGenerator<BatchVerdict, void, undefined> {
    const { batch = `b-${newKey()}`, idempotencyKey = newKey(), signal } = options;
    let sent = 0;
    let lines: string[] = [];
    const send = async (): Promise<BatchVerdict[]> => {
      const answer = await this.send('/v1/jobs:batch', {
        method: 'POST',
        query: { batch },
        headers: { 'Content-Type': 'application/x-ndjson', 'Idempotency-Key': `${idempotencyKey}/${sent}` },
        body: lines.map((line) => line + '\n').join(''),
        signal,
      });
      const answers = (await answer.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
      if (answers.at(-1)?.lines !== lines.length) {
        throw new PolyptychError(
          `the answer to batch ${batch} was cut off; send the same jobs again with idempotencyKey ` +
            `'${idempotencyKey}', and none is drawn twice`,
        );
      }
      const verdicts = answers.slice(1, -1).map((verdict) => ({ ...verdict, line: sent + verdict.line }));
      sent += lines.length;
      lines = [];
      return verdicts;
    };
    for await (const job of jobs) {
      if (lines.push(JSON.stringify(job)) === BATCH_LINES) {
        yield* await send();
      }
    }
    if (lines.length) {
      yield* await send();
    }
  }

  /** Cancels every open job of the batch. */
  async cancelBatch(batch: string, options: Abortable = {}): Promise<BatchCancellation> {
    return this.json('/v1/jobs', { ...options, method: 'DELETE', query: { batch } });
  }

  /** A job that was submitted before. */
  async job(id: string, options: Abortable = {}): Promise<Job> {
    return new Job(this, await this.json(jobPath(id), options));
  }

  /** Jobs, newest first. */
  async *jobs(
    options: Abortable & { state?: JobState; task?: string; lane?: Lane } = {},
  ): AsyncGenerator<Job, void, undefined> {
    const { signal, ...filter } = options;
    let cursor: string | undefined;
    do {
      const page: JobPage = await this.json('/v1/jobs', { signal, query: { ...filter, cursor, limit: '200' } });
      yield* page.jobs.map((status) => new Job(this, status));
      cursor = page.cursor;
    } while (cursor);
  }

  /** Uploads a PNG, JPEG or WebP. Jobs refer to it by its `key`. */
  async upload(picture: Blob | BufferSource, options: Abortable = {}): Promise<KeptReference> {
    const body = new Blob([picture]);
    const headers = { 'Content-Type': await mediaType(body) };
    return this.json('/v1/references', { ...options, method: 'PUT', headers, body });
  }

  /** The tasks that jobs may name. */
  async tasks(options: Abortable = {}): Promise<Catalog> {
    return this.json('/v1/tasks', options);
  }

  /** Any other call of the contract: `client.json<AdapterList>('/v1/adapters')`. */
  async json<T>(path: string, request: Request = {}): Promise<T> {
    return (await this.send(path, request)).json();
  }

  /** The same for answers that are no JSON. */
  async send(path: string, request: Request = {}): Promise<Response> {
    const end = Date.now() + this.#retrySeconds * 1000;
    while (true) {
      const response = await this.#answer(path, request);
      const seconds = retryAfter(response);
      if (seconds === undefined || Date.now() + seconds * 1000 > end) {
        if (!response.ok) {
          throw await refusal(response);
        }
        return response;
      }
      await response.body?.cancel();
      await sleep(seconds, request.signal);
    }
  }

  /** The events of a job; see {@link Job.events}. */
  async *events(
    id: string,
    options: Abortable & { lastEventId?: string } = {},
  ): AsyncGenerator<Event, void, undefined> {
    const { signal } = options;
    const reader = new EventReader(options.lastEventId);
    while (!reader.ended) {
      const connection = new AbortController();
      let silence: ReturnType<typeof setTimeout> | undefined;
      const heard = () => {
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(new PolyptychError('the events fell silent')), SILENCE);
      };
      let end: unknown = new PolyptychError(`the dispatcher ended the events of job ${id} before the job`);
      try {
        heard();
        const request = { headers: reader.headers(), signal: any(connection.signal, signal) };
        const response = await this.#once(`${jobPath(id)}/events`, request);
        if (response.status === 204) {
          return; // it has settled, and its last event was seen
        }
        if (response.status !== 200) {
          throw await refusal(response);
        }
        const chunks = response.body!.getReader();
        for (let read = await chunks.read(); !read.done; read = await chunks.read()) {
          heard();
          yield* reader.feed(read.value);
          if (reader.ended) {
            return;
          }
        }
      } catch (broken) {
        signal?.throwIfAborted();
        end = broken;
      } finally {
        clearTimeout(silence);
        connection.abort();
      }
      await sleep(reader.pause(end), signal);
    }
  }

  async #answer(path: string, request: Request): Promise<Response> {
    const { timeoutSeconds = ANSWER, signal } = request;
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException(`no answer within ${timeoutSeconds} s`, 'TimeoutError')),
      timeoutSeconds * 1000,
    );
    try {
      return await this.#once(path, { ...request, signal: any(late.signal, signal) });
    } finally {
      clearTimeout(timer);
    }
  }

  async #once(path: string, request: Request): Promise<Response> {
    const { query = {}, headers, timeoutSeconds: _, ...rest } = request;
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    // A link to the object store is followed without the key: fetch drops it for another origin.
    return this.#fetch(`${this.#url}${path}${given.length ? '?' + new URLSearchParams(given) : ''}`, {
      ...rest,
      headers: { ...(this.#key ? { Authorization: `Bearer ${this.#key}` } : {}), ...headers },
    });
  }
}

/** A job at a dispatcher. */
export class Job {
  constructor(
    private readonly client: Client,
    /** What was last heard of it. */
    public status: JobStatus,
  ) {}

  get id(): string {
    return this.status.id;
  }

  get state(): JobState {
    return this.status.state;
  }

  /** Asks for the status. */
  async refresh(options: Abortable = {}): Promise<this> {
    this.status = await this.client.json(jobPath(this.id), options);
    return this;
  }

  /**
   * The events up to the end of the job, each once, over broken connections too; after `lastEventId`, if it is
   * given.
   */
  events(options: Abortable & { lastEventId?: string } = {}): AsyncGenerator<Event, void, undefined> {
    return this.client.events(this.id, options);
  }

  /**
   * Waits until the job is done.
   *
   * @throws JobFailed when it ends in another state
   */
  async wait(options: Abortable & { onProgress?: (event: Event) => void } = {}): Promise<this> {
    for await (const event of this.events({ signal: options.signal })) {
      options.onProgress?.(event);
    }
    await this.refresh({ signal: options.signal });
    if (this.state !== 'done') {
      throw new JobFailed(this.status);
    }
    return this;
  }

  async cancel(options: Abortable = {}): Promise<this> {
    this.status = await this.client.json(jobPath(this.id), { ...options, method: 'DELETE' });
    return this;
  }

  /** A new job that draws one panel, counted from 1, again and keeps the others. */
  async reroll(panel: number, options: Keyed & { prompt?: string; seed?: number } = {}): Promise<Job> {
    const { prompt, seed, ...keyed } = options;
    const request = submission({ prompt, seed }, keyed);
    return new Job(this.client, await this.client.json(`${jobPath(this.id)}/panels/${panel}:reroll`, request));
  }

  /** One panel of a done job; the first is 1. */
  async panel(number: number, options: Abortable = {}): Promise<Blob> {
    return this.#image(`/panels/${number}`, options);
  }

  async panels(options: Abortable = {}): Promise<Blob[]> {
    const numbers = Array.from({ length: this.status.panels }, (_, index) => index + 1);
    return Promise.all(numbers.map((number) => this.panel(number, options)));
  }

  /** The picture that the panels are cut from. */
  async sheet(options: Abortable = {}): Promise<Blob> {
    return this.#image('/sheet', options);
  }

  /** A ZIP of sheet, panels and receipt. */
  async archive(options: Abortable = {}): Promise<Blob> {
    return this.#image('/archive', options);
  }

  /** What a done job was drawn with. */
  async receipt(options: Abortable = {}): Promise<Receipt> {
    return this.client.json(`${jobPath(this.id)}/receipt`, options);
  }

  /** Why it is where it is, and when it is likely to start. */
  async why(options: Abortable = {}): Promise<WhyReport> {
    return this.client.json(`${jobPath(this.id)}/why`, options);
  }

  async #image(below: string, options: Abortable): Promise<Blob> {
    return (await this.client.send(jobPath(this.id) + below, options)).blob();
  }
}

function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

function submission(body: object, { idempotencyKey = newKey(), signal }: Keyed): Request {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey };
  return { method: 'POST', headers, body: JSON.stringify(body), signal };
}

/** A submission always has a key: sent again, it is still one job. Pages without TLS have no randomUUID. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function mediaType(picture: Blob): Promise<string> {
  const head = String.fromCharCode(...new Uint8Array(await picture.slice(0, 12).arrayBuffer()));
  if (head.startsWith('\x89PNG')) {
    return 'image/png';
  }
  if (head.startsWith('\xff\xd8')) {
    return 'image/jpeg';
  }
  // What is none of the three is refused by the dispatcher, with its reasons.
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : 'application/octet-stream';
}

function any(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([one, other]) : one;
}

async function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
