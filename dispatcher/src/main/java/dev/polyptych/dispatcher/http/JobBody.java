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
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the bodies of submissions, up to a limit. */
public final class JobBody {
  /**
   * How long a caller may keep sending a body that is discarded, so that it can read the answer.
   */
  private static final long LINGER_MILLIS = 5_000;

  /** Names of one format. The answer has the first. */
  private static final List<String> BATCH_TYPES =
      List.of(BatchStream.NDJSON, "application/jsonl", "application/ndjson");

  private static final String IDENTITY = "identity";
  private static final String GZIP = "gzip";
  private static final String OLD_GZIP = "x-gzip";

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
    return unsupported(request, List.of(expected), List.of(IDENTITY));
  }

  /** A problem if the head alone shows that the body can't be a batch. */
  static Optional<Problem> unsupportedBatch(HttpServerRequest request) {
    return unsupported(request, BATCH_TYPES, List.of(IDENTITY, GZIP, OLD_GZIP));
  }

  /** Whether the body of a batch that is not unsupported is a gzip stream. */
  static boolean packed(HttpServerRequest request) {
    return !encoding(request).equals(IDENTITY);
  }

  private static Optional<Problem> unsupported(
      HttpServerRequest request, List<String> types, List<String> encodings) {
    String type = request.getHeader("Content-Type");
    String essence = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!types.contains(essence)) {
      return Optional.of(
          unsupported(types.getFirst(), essence.isEmpty() ? "without a Content-Type" : essence));
    }
    return encodings.contains(encoding(request))
        ? Optional.empty()
        : Optional.of(unsupported(types.getFirst(), "encoded as " + encoding(request)));
  }

  private static String encoding(HttpServerRequest request) {
    return String.join(", ", request.headers().getAll("Content-Encoding"))
        .strip()
        .toLowerCase(Locale.ROOT)
        .transform(encoding -> encoding.isEmpty() ? IDENTITY : encoding);
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
