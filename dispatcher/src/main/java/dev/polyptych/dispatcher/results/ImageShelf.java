package dev.polyptych.dispatcher.results;

import dev.polyptych.dispatcher.results.ImageResult.Absent;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds images in the store. If an image is missing, gives the exact reason. Blocks. */
public final class ImageShelf {
  private final JobStore store;
  private final JobResults results;

  public ImageShelf(JobStore store, JobResults results) {
    this.store = store;
    this.results = results;
  }

  public ImageResult sheet(String job, String tenant) {
    return store
        .status(job, tenant)
        .map(status -> image(status, () -> results.sheet(job)))
        .orElseGet(() -> unknown(job));
  }

  /**
   * @param panel as requested; may be out of range
   */
  public ImageResult panel(String job, String tenant, int panel) {
    return store
        .status(job, tenant)
        .map(
            status ->
                panel < 1 || panel > status.panels()
                    ? noSuchPanel(status)
                    : image(status, () -> results.panel(job, panel)))
        .orElseGet(() -> unknown(job));
  }

  private static ImageResult image(JobStatus status, Supplier<Optional<byte[]>> bytes) {
    if (status.state() != JobState.DONE) {
      return notRendered(status);
    }
    return bytes
        .get()
        .<ImageResult>map(found -> new ImageResult.Found(found, status.format(), digest(found)))
        .orElseGet(
            () ->
                new Absent(
                    ErrorCode.RESULT_EXPIRED,
                    "job " + status.id() + " is done, but its images are no longer kept"));
  }

  private static ImageResult unknown(String job) {
    return new Absent(ErrorCode.UNKNOWN_JOB, "there is no job " + job);
  }

  private static ImageResult noSuchPanel(JobStatus status) {
    return new Absent(
        ErrorCode.UNKNOWN_PANEL,
        "job %s has %d panels, numbered from 1".formatted(status.id(), status.panels()));
  }

  private static ImageResult notRendered(JobStatus status) {
    String outlook =
        status.state().terminal() ? "it has no images" : "its images come when it is done";
    return new Absent(
        ErrorCode.NOT_RENDERED,
        "job %s is %s; %s".formatted(status.id(), status.state().text(), outlook));
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
