package dev.polyptych.dispatcher.http;

import dev.polyptych.store.objects.StoredObject;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an object as the body of an answer, part by part. Reads a part when the caller has taken
 * the one before, so a slow caller takes one part of memory. Blocks: virtual threads only. The
 * answer itself is touched on its event loop.
 */
final class ObjectBody {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectBody.class);
  private static final int PART_BYTES = 64 * 1024;

  /** A caller that takes no part within this time is gone. */
  private static final int WRITE_SECONDS = 60;

  private final Context loop;
  private final HttpServerResponse response;

  ObjectBody(Context loop, HttpServerResponse response) {
    this.loop = loop;
    this.response = response;
  }

  /**
   * If the object or the caller breaks off, the connection ends before the announced length.
   *
   * @param head sets the head, on the event loop, and tells whether a body follows
   */
  void send(StoredObject object, String mediaType, BooleanSupplier head) {
    try {
      if (await(() -> Future.succeededFuture(begun(object, mediaType, head)))) {
        for (byte[] part = part(object); part.length > 0; part = part(object)) {
          Buffer buffer = Buffer.buffer(part);
          await(() -> response.write(buffer));
        }
        await(response::end);
      }
    } catch (IOException | RuntimeException | ExecutionException | TimeoutException broken) {
      LOG.info("an image was not sent to its end: {}", broken.toString());
      reset();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      reset();
    }
  }

  private boolean begun(StoredObject object, String mediaType, BooleanSupplier head) {
    boolean follows = head.getAsBoolean();
    if (follows) {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
          .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(object.length()));
    }
    return follows;
  }

  private static byte[] part(StoredObject object) throws IOException {
    return object.bytes().readNBytes(PART_BYTES);
  }

  private void reset() {
    loop.runOnContext(
        _ -> {
          if (!response.ended()) {
            var _ = response.reset();
          }
        });
  }

  private <T> T await(Supplier<Future<T>> work)
      throws ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.runOnContext(
        _ -> {
          try {
            work.get().onSuccess(done::complete).onFailure(done::completeExceptionally);
          } catch (RuntimeException closed) {
            done.completeExceptionally(closed);
          }
        });
    return done.get(WRITE_SECONDS, TimeUnit.SECONDS);
  }
}
