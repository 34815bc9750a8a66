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

/** Reads the bodies of submissions, never more than a limit of them. */
public final class JobBody {
  /**
   * How long a caller may go on sending what is thrown away, so that it gets to read the answer.
   */
  private static final long LINGER_MILLIS = 5_000;

  private final int limitBytes;

  public JobBody(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Why the head alone shows that the body can't be a job. */
  static Optional<Problem> unsupported(HttpServerRequest request) {
    return unsupported(request, Answer.JSON);
  }

  /** Why the head alone shows that the body is not of a media type. */
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

  int limitBytes() {
    return limitBytes;
  }

  /**
   * The body, or failed with {@link OversizedException} as soon as it is known to be larger than
   * the limit; then the rest is read and thrown away.
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

  /** Answers without the body; what is left of it is thrown away, and then the connection ends. */
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

  /** Without a body the connection can serve the caller's next request. */
  private static boolean restToCome(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean body =
        request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
            || (length != null && !length.equals("0"));
    return body && !request.isEnded();
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

  private static Problem unsupported(String expected, String what) {
    return Problem.of(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "send the job as " + expected + ", not " + what);
  }

  /** A body went over the limit; carries its beginning. */
  static final class OversizedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient byte[] beginning;

    OversizedException(byte[] beginning) {
      super("the body has more than " + beginning.length + " bytes");
      this.beginning = beginning;
    }

    /** As many bytes as the limit allows. */
    byte[] beginning() {
      return beginning;
    }
  }
}
