package dev.polyptych.worker.render;

import dev.polyptych.engine.image.PictureException;
import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.PanelFit;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches and decodes the pictures that jobs refer to. Blocks during calls to Redis and the object
 * store. After a call that the object store did not answer, jobs with references are not drawn
 * until it answers again, so that the render thread waits for it once and no job fails.
 */
public final class ReferencePictures implements PeriodicTask.Round {
  private static final Logger LOG = LoggerFactory.getLogger(ReferencePictures.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final JitteredBackoff BACKOFF =
      new JitteredBackoff(
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          () -> ThreadLocalRandom.current().nextDouble());

  private final ReferenceStore store;
  private final BooleanSupplier objectsAnswer;
  private final Runnable back;
  private volatile boolean away;

  /** Used by the task alone. */
  private int tries;

  /**
   * @param objectsAnswer whether the object store answers now
   * @param back called when it answers again; by the task
   */
  public ReferencePictures(ReferenceStore store, BooleanSupplier objectsAnswer, Runnable back) {
    this.store = store;
    this.objectsAnswer = objectsAnswer;
    this.back = back;
  }

  /** Whether the pictures of a job can be fetched now, as far as is known. Any thread. */
  boolean available(RenderJob job) {
    return !away || job.references().isEmpty();
  }

  /** Asks the object store whether it answers again, if it did not. */
  @Override
  public Duration run() {
    if (!away) {
      return LOOK;
    }
    if (!objectsAnswer.getAsBoolean()) {
      tries++;
      return BACKOFF.after(tries);
    }
    LOG.info("the object store answers again; jobs with references are drawn");
    tries = 0;
    away = false;
    back.run();
    return LOOK;
  }

  /**
   * The sheet of the job's references; empty for a job without references.
   *
   * @param tenant owner of the pictures
   * @throws RenderException when one has expired, can't be decoded, or Redis does not answer
   * @throws ObjectsUnavailableException when the object store does not answer; then it is asked
   *     from time to time
   */
  Optional<ReferenceSheet> sheet(RenderJob job, String tenant) {
    if (job.references().isEmpty()) {
      return Optional.empty();
    }
    Map<Integer, SheetPixels> panels = new TreeMap<>();
    for (int i = 0; i < job.references().size(); i++) {
      Reference reference = job.references().get(i);
      panels.put(reference.panel(), fitted(job, reference, picture(tenant, i, reference.key())));
    }
    Optional<SheetPixels> background = Optional.ofNullable(panels.remove(Reference.SHEET));
    return Optional.of(
        ReferenceSheet.compose(job.layout(), panels, background, job.strength())
            .by(job.reference()));
  }

  private SheetPixels picture(String tenant, int index, String key) {
    String name = "references[" + index + "]";
    try {
      byte[] bytes = store.find(tenant, key).orElseThrow(() -> expired(name));
      return PictureReader.read(name, bytes);
    } catch (PictureException broken) {
      throw new RenderException(ErrorCode.INVALID_PICTURE, broken.getMessage(), broken);
    } catch (StoreUnavailableException silent) {
      throw new RenderException(
          ErrorCode.STORE_UNAVAILABLE, name + ": the job store did not answer", silent);
    } catch (ObjectsUnavailableException silent) {
      away = true;
      throw silent;
    } catch (IllegalStateException unknown) {
      throw new RenderException(
          ErrorCode.OBJECTS_UNAVAILABLE, name + ": " + unknown.getMessage(), unknown);
    }
  }

  /** Scaled right after decoding, so that at most one picture is held in its own size. */
  private static SheetPixels fitted(RenderJob job, Reference reference, SheetPixels picture) {
    return reference.panel() == Reference.SHEET
        ? PanelFit.fit(picture, job.layout().sheetWidth(), job.layout().sheetHeight())
        : PanelFit.fit(picture, job.layout().panelWidth(), job.layout().panelHeight());
  }

  private static RenderException expired(String name) {
    String remedy = "upload it again and submit the job again";
    return new RenderException(
        ErrorCode.REFERENCE_EXPIRED, name + ".key: the picture is no longer kept; " + remedy, null);
  }
}
