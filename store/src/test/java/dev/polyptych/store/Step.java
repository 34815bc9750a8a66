package dev.polyptych.store;

/**
 * One call that some process makes about one of a few jobs.
 *
 * @param job which of them
 * @param back the attempt that calls: 0 the newest that was granted, 1 the one before it, and so on
 * @param step completed denoising steps, where the call tells them
 */
record Step(Kind kind, int job, int back, int step) {
  enum Kind {
    ACCEPT,
    /** The job was put on a lane without asking a dispatcher. */
    ADOPT,
    QUEUE,
    CLAIM,
    PROGRESS,
    CHECKPOINT,
    FINISH,
    RELEASE,
    RETRY,
    FAIL,
    CANCEL,
    ABANDON,
    SWEEP,
    /** Not a call: the job's deadline to start is over from here on. */
    START_BY_PASSES,
    FINISH_BY_PASSES,
    /** Not a call: a settled job's record is kept no longer. */
    RECORD_EXPIRES
  }

  @Override
  public String toString() {
    return switch (kind) {
      case PROGRESS, CHECKPOINT ->
          "%s job %d, attempt -%d, step %d".formatted(kind, job, back, step);
      case FINISH, RELEASE, RETRY, FAIL -> "%s job %d, attempt -%d".formatted(kind, job, back);
      case ACCEPT,
          ADOPT,
          QUEUE,
          CLAIM,
          CANCEL,
          ABANDON,
          SWEEP,
          START_BY_PASSES,
          FINISH_BY_PASSES,
          RECORD_EXPIRES ->
          kind + " job " + job;
    };
  }
}
