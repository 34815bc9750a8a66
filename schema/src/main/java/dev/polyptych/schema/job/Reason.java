package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;

/** One reason why a job is where it is. As JSON it has its {@code code} and its text, too. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "code")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "SETTLED", value = Reason.Settled.class),
  @JsonSubTypes.Type(name = "RENDERING", value = Reason.Rendering.class),
  @JsonSubTypes.Type(name = "WORKER_SILENT", value = Reason.WorkerSilent.class),
  @JsonSubTypes.Type(name = "WORKER_UNABLE", value = Reason.WorkerUnable.class),
  @JsonSubTypes.Type(name = "ACCEPTED", value = Reason.Accepted.class),
  @JsonSubTypes.Type(name = "BACKING_OFF", value = Reason.BackingOff.class),
  @JsonSubTypes.Type(name = "UNSEEN", value = Reason.Unseen.class),
  @JsonSubTypes.Type(name = "NO_WORKER", value = Reason.NoWorker.class),
  @JsonSubTypes.Type(name = "LOADING", value = Reason.Loading.class),
  @JsonSubTypes.Type(name = "BEHIND", value = Reason.Behind.class),
  @JsonSubTypes.Type(name = "NEXT", value = Reason.Next.class),
  @JsonSubTypes.Type(name = "FETCHING_ADAPTER", value = Reason.FetchingAdapter.class),
  @JsonSubTypes.Type(name = "ADAPTER_NOT_RESIDENT", value = Reason.AdapterNotResident.class),
  @JsonSubTypes.Type(name = "NO_HOLDER", value = Reason.NoHolder.class),
  @JsonSubTypes.Type(name = "WAITS_FOR_HOLDER", value = Reason.WaitsForHolder.class),
  @JsonSubTypes.Type(name = "NOT_MEASURED", value = Reason.NotMeasured.class),
})
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public sealed interface Reason {
  /** A sentence for people. Programs use the code. */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  String text();

  /** It is over. */
  record Settled(JobState state, Optional<JobError> error, Instant at) implements Reason {
    @Override
    public String text() {
      String reason = error.map(known -> ": " + known.code() + " " + known.detail()).orElse("");
      return "it ended " + state.text() + " at " + at + reason;
    }
  }

  /**
   * It is being drawn.
   *
   * @param step completed ones
   */
  record Rendering(String worker, int step, int steps, int attempt) implements Reason {
    @Override
    public String text() {
      return "worker %s draws it: %d of %d steps, attempt %d"
          .formatted(worker, step, steps, attempt);
    }
  }

  /**
   * The worker that draws it sends no heartbeat, or is stuck. Another one takes the job after that
   * worker has left the consumer group: the group notices its end within a minute, and a worker
   * without Redis leaves by itself.
   *
   * @param others live workers that can draw it
   */
  record WorkerSilent(String worker, int others) implements Reason {
    @Override
    public String text() {
      return others == 0
          ? "worker %s sends no heartbeat and no other live worker can take the job over; start one"
              .formatted(worker)
          : "worker %s sends no heartbeat; once it has left the group, another takes over (%d can)"
              .formatted(worker, others);
    }
  }

  /**
   * The worker that has its record can't draw it.
   *
   * @param lacks why, as part of a sentence
   * @param others live workers that can draw it
   */
  record WorkerUnable(String worker, String lacks, int others) implements Reason {
    @Override
    public String text() {
      String next =
          others == 0
              ? "no live worker can, so start one that does before the job fails"
              : "the job is passed on to one that can";
      return "worker %s can't draw it: %s; %s".formatted(worker, lacks, next);
    }
  }

  /** The broker has not confirmed the job yet. */
  record Accepted(Instant since) implements Reason {
    @Override
    public String text() {
      return "it was accepted at %s and the broker has not confirmed it; a sweep sends it again"
          .formatted(since);
    }
  }

  /**
   * An attempt failed.
   *
   * @param until when the next may begin
   * @param attempt number of the one that failed
   */
  record BackingOff(Instant until, Optional<JobError> error, int attempt) implements Reason {
    @Override
    public String text() {
      String reason = error.map(known -> " with " + known.code()).orElse("");
      return "attempt %d failed%s; the next one may begin at %s".formatted(attempt, reason, until);
    }
  }

  /** The dispatcher can't see lanes and workers just now. */
  record Unseen() implements Reason {
    @Override
    public String text() {
      return "the dispatcher can't see the workers and their lanes just now; ask again";
    }
  }

  /**
   * No worker consumes its partition.
   *
   * @param workers number of workers that consume other partitions
   */
  record NoWorker(int partition, int workers) implements Reason {
    @Override
    public String text() {
      return workers == 0
          ? "no worker is up; start one"
          : "no worker has taken on its partition %d yet; %d take others"
              .formatted(partition, workers);
    }
  }

  /** A worker is loading its model. */
  record Loading(String worker, Instant since) implements Reason {
    @Override
    public String text() {
      return "worker %s has been loading its model since %s".formatted(worker, since);
    }
  }

  /**
   * Others are before it.
   *
   * @param jobs of both lanes that its worker takes before it, at most
   * @param laneJobs of these in the job's own lane
   * @param gpuSeconds that they take; absent before the worker has measured any
   */
  record Behind(String worker, long jobs, long laneJobs, Optional<Double> gpuSeconds)
      implements Reason {
    @Override
    public String text() {
      String seconds =
          gpuSeconds.map(known -> ", about %.1f GPU-seconds".formatted(known)).orElse("");
      return "worker %s takes %d jobs before it%s".formatted(worker, jobs, seconds);
    }
  }

  /** Nothing is before it. */
  record Next(String worker) implements Reason {
    @Override
    public String text() {
      return "worker " + worker + " takes it next";
    }
  }

  /**
   * Its worker fetches an adapter of it from the object store. Other jobs go on meanwhile.
   *
   * @param fetching adapters that the worker fetches now
   */
  record FetchingAdapter(String adapter, String worker, int fetching) implements Reason {
    @Override
    public String text() {
      return "worker %s fetches adapter %s from the object store first; it fetches %d now"
          .formatted(worker, adapter, fetching);
    }
  }

  /** Its worker must read the adapter first; another one holds it. */
  record AdapterNotResident(String adapter, String worker) implements Reason {
    @Override
    public String text() {
      return "worker %s must read adapter %s from its file first".formatted(worker, adapter);
    }
  }

  /** No worker holds the adapter in memory, so its own must read it first. */
  record NoHolder(String adapter, String worker) implements Reason {
    @Override
    public String text() {
      return "no worker holds adapter %s; worker %s must read it from its file first"
          .formatted(adapter, worker);
    }
  }

  /**
   * Its worker holds the adapter, which saves a swap. Another worker has less to do, but lacks the
   * adapter.
   */
  record WaitsForHolder(String adapter, String worker) implements Reason {
    @Override
    public String text() {
      return "it waits for worker %s, which holds adapter %s; one with less to do would have to read"
              .formatted(worker, adapter)
          + " it first";
    }
  }

  /** Why there is no estimate: its worker has rendered nothing since it started. */
  record NotMeasured(String worker) implements Reason {
    @Override
    public String text() {
      return "worker %s has rendered nothing yet, so it is not known how long jobs take there"
          .formatted(worker);
    }
  }
}
