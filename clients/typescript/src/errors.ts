import type { FieldProblem, JobStatus, Problem } from './contract.js';

/** A gateway before the dispatcher may leave Retry-After out. */
const USUAL_PAUSE = 1;

/** Any error of this package. Where no dispatcher answers, fetch's own TypeError is thrown. */
export class PolyptychError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The dispatcher refused a request. The message explains the problem to people. */
export class Refused extends PolyptychError {
  /** Such as `UNKNOWN_TASK`; later versions may have others. */
  readonly code: string | undefined;
  /** Each wrong field and its remedy. */
  readonly fields: FieldProblem[];

  /**
   * @param status of HTTP
   * @param problem the problem document; undefined if something else than a dispatcher answered
   * @param retryAfter seconds after which the same request may succeed; undefined if it never will
   */
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    text: string,
    readonly retryAfter: number | undefined,
  ) {
    super(message(status, problem, text));
    this.code = problem?.code;
    this.fields = problem?.errors ?? [];
  }

  /** Whether the same request may succeed later: a limit was hit, or a backend does not answer. */
  get temporary(): boolean {
    return this.retryAfter !== undefined;
  }
}

/** The job ended `failed`, `cancelled` or `expired`. It has no images. */
export class JobFailed extends PolyptychError {
  readonly code: string | undefined;

  constructor(readonly status: JobStatus) {
    const { id, state, error } = status;
    super(`job ${id} is ${state}` + (error ? `: ${error.code}, ${error.detail}` : ''));
    this.code = error?.code;
  }
}

/** The callback is not from the dispatcher, or is too old. */
export class NotTrusted extends PolyptychError {}

/** Reads an answer that is no success. */
export async function refusal(response: Response): Promise<Refused> {
  const text = await response.text();
  return new Refused(response.status, problem(text), text, retryAfter(response));
}

export function retryAfter(response: Response): number | undefined {
  if (response.status !== 429 && response.status !== 503) {
    return undefined;
  }
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return seconds >= 0 ? seconds : USUAL_PAUSE;
}

function problem(text: string): Problem | undefined {
  try {
    const read = JSON.parse(text);
    return typeof read?.code === 'string' && typeof read.detail === 'string' ? read : undefined;
  } catch {
    return undefined;
  }
}

function message(status: number, problem: Problem | undefined, text: string): string {
  if (!problem) {
    return `the dispatcher answered ${status}: ${text.slice(0, 500)}`;
  }
  const lines = (problem.errors ?? []).map(({ field, detail }) => `${field} ${detail}`.trim());
  return `${problem.title}: ${(lines.length ? lines : [problem.detail]).join('; ')}`;
}
