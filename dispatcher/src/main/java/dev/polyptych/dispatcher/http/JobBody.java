package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Reads the bodies of submissions, never more than a limit of them. */
final class JobBody {
  /**
   * How long a caller may go on sending what is thrown away, so that it gets to read the answer.
   */
  private static final long LINGER_MILLIS = 5_000;

  private final int limitBytes;

  JobBody(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Why the head alone shows that the body can't be a job. */
  static Optional<Problem> unsupported(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    String essence = type == null ? "" : type.split(";", 2)[0].strip();
    if (!essence.equalsIgnoreCase(Answer.JSON)) {
      return Optional.of(unsupported(essence.isEmpty() ? "without a Content-Type" : essence));
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Optional.of(unsupported("encoded as " + encoding));
    }
    return Optional.empty();
  }

  /**
   * The body, or failed with {@link OversizedBodyException} as soon as it is known to be larger
   * than the limit; then the rest is read and thrown away.
   */
  Future<byte[]> read(HttpServerRequest request) {
    Promise<byte[]> body = Promise.promise();
    Buffer read = Buffer.buffer();
    request.handler(
        chunk -> {
          int room = limitBytes - read.length();
          read.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
          if (chunk.length() > room) {
            request.handler(rest -> {});
            body.tryFail(new OversizedBodyException(read.getBytes()));
          }
        });
    request.endHandler(end -> body.tryComplete(read.getBytes()));
    request.exceptionHandler(body::tryFail);
    request.resume();
    return body.future();
  }

  /** Closes the connection once the caller has sent all, or has been at it for long enough. */
  static void closeAfterRest(Vertx vertx, HttpServerRequest request) {
    if (!request.isEnded()) {
      long timer = vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
      request.endHandler(
          end -> {
            vertx.cancelTimer(timer);
            request.connection().close();
          });
    }
  }

  private static Problem unsupported(String what) {
    return Problem.of(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "send the job as application/json, not " + what);
  }
}
