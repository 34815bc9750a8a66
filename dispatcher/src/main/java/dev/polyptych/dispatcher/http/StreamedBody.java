package dev.polyptych.dispatcher.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the body of an answer part by part. Waits until the caller has taken a part, so a slow
 * caller takes one part of memory. Blocks: virtual threads only. The answer itself is touched on
 * its event loop.
 */
final class StreamedBody {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedBody.class);
  private static final int PART_BYTES = 64 * 1024;

  /** A caller that takes no part within this time is gone. */
  private static final int WRITE_SECONDS = 60;

  private final Context loop;
  private final HttpServerResponse response;

  /** Writes the whole body. */
  interface Content {
    void to(OutputStream body) throws IOException;
  }

  StreamedBody(Context loop, HttpServerResponse response) {
    this.loop = loop;
    this.response = response;
  }

  /**
   * If the content or the caller breaks off, the connection ends before the body does.
   *
   * @param head sets the head, on the event loop, and tells whether a body follows
   */
  void send(BooleanSupplier head, Content content) {
    try {
      if (await(() -> Future.succeededFuture(head.getAsBoolean()))) {
        OutputStream body = new BufferedOutputStream(new Parts(), PART_BYTES);
        content.to(body);
        body.flush();
        await(response::end);
      }
    } catch (IOException | RuntimeException broken) {
      LOG.info("an answer was not sent to its end: {}", broken.toString());
      reset();
    }
  }

  private void reset() {
    loop.runOnContext(
        _ -> {
          if (!response.ended()) {
            var _ = response.reset();
          }
        });
  }

  private <T> T await(Supplier<Future<T>> work) throws IOException {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.runOnContext(
        _ -> {
          try {
            work.get().onSuccess(done::complete).onFailure(done::completeExceptionally);
          } catch (RuntimeException closed) {
            done.completeExceptionally(closed);
          }
        });
    try {
      return done.get(WRITE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException gone) {
      throw new IOException("the caller is gone", gone);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the dispatcher stops");
    }
  }

  private final class Parts extends OutputStream {
    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      Buffer part = Buffer.buffer().appendBytes(bytes, offset, count);
      await(() -> response.write(part));
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }
  }
}
