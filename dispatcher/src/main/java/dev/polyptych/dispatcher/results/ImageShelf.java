package dev.polyptych.dispatcher.results;

import dev.polyptych.dispatcher.results.ImageResult.Absent;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.ResultLocation;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Finds images in Redis or in the object store. If an image is missing, gives the exact reason.
 * Blocks.
 */
public final class ImageShelf {
  private static final Duration LINK_VALID = Duration.ofMinutes(10);

  private final JobStore store;
  private final JobResults results;
  private final Optional<ResultObjects> objects;

  /**
   * @param objects images in the object store, if there is one
   */
  public ImageShelf(JobStore store, JobResults results, Optional<ResultObjects> objects) {
    this.store = store;
    this.results = results;
    this.objects = objects;
  }

  /** How an image in the object store is handed out. */
  public enum Way {
    /** As bytes in memory. */
    BYTES,
    /** As an open stream. */
    STREAM,
    /** As a link. */
    LINK
  }

  public ImageResult sheet(String job, String tenant, Way way) {
    return store
        .status(job, tenant)
        .map(status -> image(status, 0, way))
        .orElseGet(() -> unknown(job));
  }

  /**
   * @param panel as requested; may be out of range
   */
  public ImageResult panel(String job, String tenant, int panel, Way way) {
    return store
        .status(job, tenant)
        .map(
            status ->
                panel < 1 || panel > status.panels()
                    ? noSuchPanel(status)
                    : image(status, panel, way))
        .orElseGet(() -> unknown(job));
  }

  /**
   * @param image 0 for the sheet, else the panel's number
   */
  private ImageResult image(JobStatus status, int image, Way way) {
    if (status.state() != JobState.DONE) {
      return notRendered(status);
    }
    String job = status.id();
    return (image == 0 ? results.sheet(job) : results.panel(job, image))
        .<ImageResult>map(found -> new ImageResult.Found(found, status.format(), digest(found)))
        .or(
            () ->
                results.location(job).flatMap(location -> inObjects(status, location, image, way)))
        .orElseGet(
            () ->
                new Absent(
                    ErrorCode.RESULT_EXPIRED,
                    "job %s is done, but its images are no longer kept; submit it again"
                        .formatted(job)));
  }

  private Optional<ImageResult> inObjects(
      JobStatus status, ResultLocation location, int image, Way way) {
    if (objects.isEmpty()) {
      throw new ObjectsUnavailableException(
          "the images of job %s lie in an object store; name it in this dispatcher's setting objects"
              .formatted(status.id()),
          null);
    }
    ImageFormat format = status.format();
    String digest = location.digest(image);
    return switch (way) {
      case LINK ->
          objects.get().link(location, image, format, LINK_VALID).map(ImageResult.Linked::new);
      case STREAM ->
          objects
              .get()
              .open(location, image, format)
              .map(object -> new ImageResult.Opened(object, format, digest));
      case BYTES ->
          objects
              .get()
              .open(location, image, format)
              .map(object -> new ImageResult.Found(bytes(object), format, digest));
    };
  }

  private static byte[] bytes(StoredObject object) {
    try (object) {
      return object.bytes().readAllBytes();
    } catch (IOException broken) {
      throw new ObjectsUnavailableException("an image broke off: " + broken.getMessage(), broken);
    }
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
