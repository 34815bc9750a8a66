package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Reads the bodies of submissions, up to a limit. */
public final class JobBody {
  /**
   * How long a caller may keep sending a body that is discarded, so that it can read the answer.
   */
  private static final long LINGER_MILLIS = 5_000;

  private final int limitBytes;

  public JobBody(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** A problem if the head alone shows that the body can't be a job. */
  static Optional<Problem> unsupported(HttpServerRequest request) {
    return unsupported(request, Answer.JSON);
  }

  /** A problem if the head alone shows that the body does not have the expected media type. */
  static Optional<Problem> unsupported(HttpServerRequest request, String expected) {
    String type = request.getHeader("Content-Type");
    String essence = type == null ? "" : type.split(";", 2)[0].strip();
    if (!essence.equalsIgnoreCase(expected)) {
      return Optional.of(
          unsupported(expected, essence.isEmpty() ? "without a Content-Type" : essence));
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Optional.of(unsupported(expected, "encoded as " + encoding));
    }
    return Optional.empty();
  }

  /**
   * The body. The future fails with {@link OversizedException} as soon as the body is known to
   * exceed the limit; then the rest is read and discarded.
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
            body.tryFail(new OversizedException(read.getBytes()));
          }
        });
    request.endHandler(end -> body.tryComplete(read.getBytes()));
    request.exceptionHandler(body::tryFail);
    request.resume();
    return body.future();
  }

  /**
   * Answers without reading the body. Discards the rest of the body, then closes the connection.
   */
  static void refuseUnread(RoutingContext routing, Problem problem) {
    HttpServerRequest request = routing.request();
    boolean rest = restToCome(request);
    if (rest) {
      routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    Answer.problem(routing, problem);
    if (rest) {
      closeAfterRest(routing.vertx(), request);
    }
    request.resume();
  }

  /**
   * Whether a part of the body may still arrive. If not, the connection can serve another request.
   */
  private static boolean restToCome(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean body =
        request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
            || (length != null && !length.equals("0"));
    return body && !request.isEnded();
  }

  /**
   * Closes the connection when the caller has sent everything or when {@link #LINGER_MILLIS} have
   * passed.
   */
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

  private static Problem unsupported(String expected, String what) {
    return Problem.of(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "send the job as " + expected + ", not " + what);
  }

  /** A body exceeded the limit. Carries the beginning of the body. */
  static final class OversizedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient byte[] beginning;

    OversizedException(byte[] beginning) {
      super("the body has more than " + beginning.length + " bytes");
      this.beginning = beginning;
    }

    /** The first bytes of the body, up to the limit. */
    byte[] beginning() {
      return beginning;
    }
  }
}
