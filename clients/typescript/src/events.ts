import type { JobEvent, JobState } from './contract.js';
import { Refused } from './errors.js';

/** The dispatcher sends a comment every 15 seconds. A connection that is silent for longer is dead. */
export const SILENCE = 45_000;

/** How often a broken stream is resumed without any event in between. */
const FRUITLESS_RECONNECTS = 5;

const TERMINAL: JobState[] = ['done', 'failed', 'cancelled', 'expired'];

/** An event of a job and its place in the job's stream: `job.events({ lastEventId: event.id })` goes on after it. */
export type Event = JobEvent & { id: string };

/** Reads server-sent events over any number of connections. */
export class EventReader {
  ended = false;
  #fruitless = 0;
  #pendingId = '';
  #rest = '';
  #decoder = new TextDecoder();

  constructor(private lastId: string | undefined) {}

  /** Of the next connection. */
  headers(): Record<string, string> {
    this.#rest = this.#pendingId = '';
    this.#decoder = new TextDecoder();
    return { Accept: 'text/event-stream', ...(this.lastId ? { 'Last-Event-ID': this.lastId } : {}) };
  }

  feed(chunk: Uint8Array): Event[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): Event[] {
    if (line.startsWith('id:')) {
      this.#pendingId = line.slice(3).trim();
    } else if (line.startsWith('data:')) {
      const event: Event = { ...JSON.parse(line.slice(5)), id: this.#pendingId };
      this.lastId = event.id;
      this.#fruitless = 0;
      this.ended = TERMINAL.includes(event.state);
      return [event];
    }
    return [];
  }

  /** Seconds until the next connection; throws why the last one ended when it is time to give up. */
  pause(end: unknown): number {
    this.#fruitless++;
    if (this.#fruitless > FRUITLESS_RECONNECTS || (end instanceof Refused && !end.temporary)) {
      throw end;
    }
    return end instanceof Refused ? end.retryAfter! : 0.05 * 2 ** this.#fruitless;
  }
}
