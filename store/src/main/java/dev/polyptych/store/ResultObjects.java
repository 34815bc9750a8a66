package dev.polyptych.store;

import dev.polyptych.schema.job.ImageFormat;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.StoredObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Images of done jobs in the object store. Each attempt has keys of its own, so an attempt that
 * lost the job overwrites nothing. Every method throws {@link
 * dev.polyptych.store.objects.ObjectsUnavailableException} when the object store does not answer.
 */
public final class ResultObjects {
  /** After a loss of Redis the numbers of attempts begin again; the sheet tells them apart. */
  private static final int MARK_DIGITS = 16;

  private final ObjectStore objects;
  private final RedisConnection redis;
  private final Duration timeToLive;

  /**
   * @param timeToLive how long images are kept after their upload
   */
  public ResultObjects(ObjectStore objects, RedisConnection redis, Duration timeToLive) {
    this.objects = objects;
    this.redis = redis;
    this.timeToLive = timeToLive;
  }

  /**
   * Stores the images of an attempt, in place of earlier ones of the same attempt. Their end is
   * noted first, so that the images of a lost attempt go, too.
   *
   * @throws StoreUnavailableException when Redis does not answer
   */
  public ResultLocation put(
      String tenant, String job, int attempt, ImageFormat format, RenderedSet images, Instant now) {
    String mark = IdempotencyKey.digest(images.sheet()).substring(0, MARK_DIGITS);
    String prefix = "results/%s/%s/%d-%s/".formatted(tenant, job, attempt, mark);
    ExpiringObjects.keep(redis, prefix, now.plus(timeToLive));
    List<String> digests = new ArrayList<>();
    digests.add(put(prefix, 0, format, images.sheet()));
    for (int panel = 1; panel <= images.panels().size(); panel++) {
      digests.add(put(prefix, panel, format, images.panels().get(panel - 1)));
    }
    return new ResultLocation(prefix, digests);
  }

  private String put(String prefix, int image, ImageFormat format, byte[] bytes) {
    objects.put(key(prefix, image, format), ObjectContent.of(bytes, format.mediaType()));
    return IdempotencyKey.digest(bytes);
  }

  /**
   * Opens an image; empty if it is no longer there.
   *
   * @param image 0 for the sheet, else the panel's number
   */
  public Optional<StoredObject> open(ResultLocation location, int image, ImageFormat format) {
    return objects.get(key(location.prefix(), image, format));
  }

  /**
   * A link to an image that is there.
   *
   * @param image 0 for the sheet, else the panel's number
   */
  public Optional<URI> link(
      ResultLocation location, int image, ImageFormat format, Duration valid) {
    String key = key(location.prefix(), image, format);
    return objects.size(key).isPresent() ? objects.link(key, valid) : Optional.empty();
  }

  /** How many images are there. */
  int count(ResultLocation location) {
    AtomicInteger found = new AtomicInteger();
    objects.list(location.prefix(), entry -> found.incrementAndGet());
    return found.get();
  }

  private static String key(String prefix, int image, ImageFormat format) {
    return prefix + (image == 0 ? "sheet" : "panel-" + image) + "." + format.text();
  }
}
