package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Posts over a new connection to the target's address and to no other: it asks no name server,
 * follows no redirect and uses no proxy. The target's name goes into {@code Host}. Over TLS the
 * certificate must match that name. The response body is discarded, and a long one is cut off.
 */
public final class CallbackClient implements Poster, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int MOST_BODY_BYTES = 64 * 1024;
  private static final int LONGEST_WHY = 200;

  /** The most tries under way at once, over all receivers. */
  private static final int CONNECTIONS = Deliveries.AT_ONCE;

  /** How long a connection waits for the next callback: less than receivers keep one open. */
  private static final int KEEP_SECONDS = 1;

  private final HttpClient http;
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param timeout of a whole exchange, to the end of the response
   */
  public CallbackClient(Vertx vertx, Duration timeout, Clock clock) {
    HttpClientOptions options =
        new HttpClientOptions()
            // A receiver that is asked to close may do so before its answer is read.
            .setKeepAliveTimeout(KEEP_SECONDS)
            .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public PostOutcome post(Target target, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    AtomicReference<HttpClientRequest> open = new AtomicReference<>();
    Future<PostOutcome> answer =
        http.request(options(target, headers))
            .compose(
                request -> {
                  open.set(request);
                  return request.send(Buffer.buffer(body));
                })
            .compose(response -> read(response, open));
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      return new PostOutcome.Silence("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException failed) {
      return new PostOutcome.Silence(why(failed.getCause()));
    } finally {
      Optional.ofNullable(open.get()).ifPresent(request -> request.connection().close());
    }
  }

  @Override
  public void close() {
    http.close().await();
  }

  private static RequestOptions options(Target target, Map<String, String> headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
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

  /**
   * Completes when the body ends, breaks off or exceeds the limit.
   *
   * @param open emptied when it ends: the connection may have another request then
   */
  private Future<PostOutcome> read(
      HttpClientResponse response, AtomicReference<HttpClientRequest> open) {
    PostOutcome answer = new PostOutcome.Status(response.statusCode(), retryAfter(response));
    Promise<PostOutcome> read = Promise.promise();
    int[] bytes = {0};
    response.handler(
        chunk -> {
          bytes[0] += chunk.length();
          if (bytes[0] > MOST_BODY_BYTES) {
            read.tryComplete(answer);
          }
        });
    response.exceptionHandler(cut -> read.tryComplete(answer));
    response.endHandler(
        end -> {
          open.set(null);
          read.tryComplete(answer);
        });
    return read.future();
  }

  /** Seconds or a date (RFC 9110). Any other value counts as absent. */
  private Optional<Duration> retryAfter(HttpClientResponse response) {
    String text = Optional.ofNullable(response.getHeader(HttpHeaders.RETRY_AFTER)).orElse("");
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(clock.instant(), at)).filter(Duration::isPositive);
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  private static String why(Throwable failure) {
    String text = "no exchange: " + failure.getMessage();
    return text.substring(0, Math.min(LONGEST_WHY, text.length()));
  }
}
