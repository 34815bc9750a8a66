package dev.polyptych.dispatcher.results;

import dev.polyptych.dispatcher.results.ReceiptResult.Absent;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;

/** Finds receipts in the store. If a receipt is missing, gives the exact reason. Blocks. */
public final class ReceiptShelf {
  private final JobStore store;
  private final JobResults results;

  public ReceiptShelf(JobStore store, JobResults results) {
    this.store = store;
    this.results = results;
  }

  public ReceiptResult receipt(String job, String tenant) {
    return store
        .status(job, tenant)
        .map(this::receipt)
        .orElseGet(() -> new Absent(ErrorCode.UNKNOWN_JOB, "there is no job " + job));
  }

  private ReceiptResult receipt(JobStatus status) {
    if (status.state() != JobState.DONE) {
      String outlook =
          status.state().terminal() ? "it has no receipt" : "its receipt comes when it is done";
      return new Absent(
          ErrorCode.NOT_RENDERED,
          "job %s is %s; %s".formatted(status.id(), status.state().text(), outlook));
    }
    return results
        .receipt(status.id())
        .<ReceiptResult>map(ReceiptResult.Found::new)
        .orElseGet(
            () ->
                new Absent(
                    ErrorCode.UNKNOWN_RECEIPT,
                    "job " + status.id() + " is done, but its worker left no receipt"));
  }
}
