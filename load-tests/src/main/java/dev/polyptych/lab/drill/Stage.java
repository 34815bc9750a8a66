package dev.polyptych.lab.drill;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.job.Lane;

/** What all drills play on. */
record Stage(Cluster cluster, Api api, Jobs jobs, Backends backends, Wires wires) {
  private static final int PROBE_STEPS = 4;

  /** Between the processes and what they work with. */
  record Wires(TcpProxy broker, TcpProxy redis) {}

  /** Submits a short job, urgently, and returns once it is done. */
  JobStatus probe() throws InterruptedException {
    return jobs.awaitDone(jobs.submit(Lane.INTERACTIVE, PROBE_STEPS));
  }
}
