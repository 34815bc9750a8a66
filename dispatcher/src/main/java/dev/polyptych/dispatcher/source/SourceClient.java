package dev.polyptych.dispatcher.source;

import dev.polyptych.dispatcher.address.Target;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gets over a new connection to the target's address and to no other: it asks no name server,
 * follows no redirect and uses no proxy. The target's name goes into {@code Host}. Over TLS the
 * certificate must match that name. A body goes to its file piece by piece: only some pieces are in
 * memory.
 */
public final class SourceClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** The longest pause between two pieces. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final int CONNECTIONS = 64;
  private static final int PIECES_AHEAD = 8;
  private static final int OK = 200;

  private final HttpClient http;

  /** What came of a request. */
  sealed interface Answer {
    /** The body is in its file. */
    record Body() implements Answer {}

    /** An answer without the file. */
    record Other(int status, Optional<String> location) implements Answer {}
  }

  /** What the connection reports. */
  private sealed interface Report {
    record Head(HttpClientResponse response) implements Report {}

    record Piece(Buffer bytes) implements Report {}

    record End() implements Report {}

    record Broken(Throwable why) implements Report {}
  }

  public SourceClient(Vertx vertx) {
    this(vertx, new HttpClientOptions());
  }

  /**
   * @param options what else a connection needs, such as other authorities to trust
   */
  SourceClient(Vertx vertx, HttpClientOptions options) {
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions(options)
                .setKeepAlive(false)
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis()),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /**
   * Gets a file. Blocks.
   *
   * @throws SourceException if the connection breaks off, or the file takes no more
   */
  Answer get(Target target, Map<String, String> headers, ArrivingFile file)
      throws SourceException, InterruptedException {
    BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    AtomicReference<HttpClientRequest> sent = new AtomicReference<>();
    AtomicBoolean ended = new AtomicBoolean();
    http.request(options(target, headers))
        .compose(
            request -> {
              sent.set(request);
              if (ended.get()) {
                request.connection().close();
              }
              return request.send();
            })
        .onSuccess(response -> listen(response, reports))
        .onFailure(why -> reports.add(new Report.Broken(why)));
    try {
      return read(reports, file);
    } finally {
      ended.set(true);
      Optional.ofNullable(sent.get()).ifPresent(request -> request.connection().close());
    }
  }

  @Override
  public void close() {
    http.close().await();
  }

  private static RequestOptions options(Target target, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(
                SocketAddress.inetSocketAddress(
                    new InetSocketAddress(target.address(), target.port())))
            .setSsl(target.tls())
            .setHost(target.host())
            .setPort(target.port())
            .setURI(target.path())
            .setFollowRedirects(false);
    headers.forEach(options::putHeader);
    return options;
  }

  private static void listen(HttpClientResponse response, BlockingQueue<Report> reports) {
    response.pause();
    response.exceptionHandler(why -> reports.add(new Report.Broken(why)));
    response.endHandler(end -> reports.add(new Report.End()));
    response.handler(bytes -> reports.add(new Report.Piece(bytes)));
    reports.add(new Report.Head(response));
  }

  private static Answer read(BlockingQueue<Report> reports, ArrivingFile file)
      throws SourceException, InterruptedException {
    HttpClientResponse response = null;
    while (true) {
      switch (next(reports, file)) {
        case Report.Head(HttpClientResponse head) -> {
          if (head.statusCode() != OK) {
            return new Answer.Other(
                head.statusCode(), Optional.ofNullable(head.getHeader(HttpHeaders.LOCATION)));
          }
          begin(head, file);
          response = head;
          response.fetch(PIECES_AHEAD);
        }
        case Report.Piece(Buffer bytes) -> {
          file.take(ByteBuffer.wrap(bytes.getBytes()));
          response.fetch(1);
        }
        case Report.End() -> {
          String length = length(response);
          if (!length.isEmpty() && Long.parseLong(length) != file.bytes()) {
            throw broken(response, file);
          }
          return new Answer.Body();
        }
        case Report.Broken(Throwable why) -> throw broken(response, file);
      }
    }
  }

  private static Report next(BlockingQueue<Report> reports, ArrivingFile file)
      throws SourceException, InterruptedException {
    Duration left = file.remaining();
    Duration most = left.compareTo(SILENCE) < 0 ? left : SILENCE;
    Report report = reports.poll(most.toNanos(), TimeUnit.NANOSECONDS);
    if (report == null) {
      file.remaining();
      throw SourceException.passing(
          "sent nothing for %d s after %d bytes; try again, or give another source"
              .formatted(SILENCE.toSeconds(), file.bytes()));
    }
    return report;
  }

  private static void begin(HttpClientResponse head, ArrivingFile file) throws SourceException {
    String coding = Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_ENCODING)).orElse("");
    if (!coding.isEmpty() && !coding.equalsIgnoreCase("identity")) {
      throw SourceException.refused(
          "comes compressed though it was asked for as it is; give a source that sends the file");
    }
    String type = Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
    if (type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
      throw ArrivingFile.webPage();
    }
    String length = length(head);
    if (!length.isEmpty()) {
      file.expect(Long.parseLong(length));
    }
  }

  /** The length that the head tells; empty if it tells none. */
  private static String length(HttpClientResponse head) {
    return Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_LENGTH))
        .filter(text -> text.matches("\\d{1,18}"))
        .orElse("");
  }

  private static SourceException broken(HttpClientResponse response, ArrivingFile file) {
    if (response == null) {
      return SourceException.passing(
          "can't be reached: no connection, no valid certificate or no answer; look at the address, or try again");
    }
    String length = length(response).isEmpty() ? "?" : length(response);
    return SourceException.brokenOff(
        "broke off after %d of %s bytes; try again, or give another source"
            .formatted(file.bytes(), length));
  }
}
