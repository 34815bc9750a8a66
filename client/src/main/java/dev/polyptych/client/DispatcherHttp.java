package dev.polyptych.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests to one dispatcher and their answers. A refusal becomes a {@link RefusedException}, and
 * that nobody answers becomes an IOException with a remedy. Any thread may use it.
 */
final class DispatcherHttp implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** An image is in the object store, at a link. */
  private static final int LINKED = 307;

  private final URI dispatcher;
  private final Optional<String> key;
  private final Duration answerTimeout;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

  /** Reads the lines of an answer while they come. */
  interface LineReader {
    void read(Stream<String> lines) throws IOException;
  }

  /**
   * @param answerTimeout how long a request may take; those by {@link #unlimited} have no limit
   */
  DispatcherHttp(URI dispatcher, Optional<String> key, Duration answerTimeout) {
    this.dispatcher = dispatcher;
    this.key = key;
    this.answerTimeout = answerTimeout;
  }

  Duration answerTimeout() {
    return answerTimeout;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  HttpRequest.Builder request(String path) {
    return unlimited(path).timeout(answerTimeout);
  }

  HttpRequest.Builder unlimited(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(dispatcher.resolve(path));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  /** Reads a path without showing the key; the status is the caller's to judge. */
  HttpResponse<String> anonymous(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(dispatcher.resolve(path)).timeout(answerTimeout).build();
    return http.send(request, BodyHandlers.ofString());
  }

  byte[] get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  byte[] send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return body(answer(request.build()));
  }

  /** As {@link #get}; where the dispatcher answers with a link, what is there. */
  byte[] getLinked(String path) throws IOException, InterruptedException {
    HttpRequest request = request(path).GET().build();
    HttpResponse<byte[]> response = answer(request);
    Optional<String> link = response.headers().firstValue("Location");
    if (response.statusCode() == LINKED && link.isPresent()) {
      // Without the key, which is not for the object store.
      URI object = request.uri().resolve(link.get());
      return body(answer(HttpRequest.newBuilder(object).timeout(answerTimeout).build()));
    }
    return body(response);
  }

  void readLines(HttpRequest.Builder request, LineReader reader)
      throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response = http.send(request.build(), BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw RefusedException.of(response.statusCode(), lines.collect(Collectors.joining("\n")));
      }
      reader.read(lines);
    } catch (UncheckedIOException broken) {
      throw broken.getCause();
    }
  }

  private HttpResponse<byte[]> answer(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (ConnectException | HttpConnectTimeoutException noAnswer) {
      String remedy =
          request.uri().getAuthority().equals(dispatcher.getAuthority())
              ? "no dispatcher answers at "
                  + dispatcher
                  + "; start one, or name another: --dispatcher"
              : "the object store at "
                  + request.uri().getAuthority()
                  + " does not answer from here";
      throw new IOException(remedy, noAnswer);
    }
  }

  private static byte[] body(HttpResponse<byte[]> response) throws RefusedException {
    if (response.statusCode() >= 300) {
      throw RefusedException.of(
          response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    }
    return response.body();
  }

  @Override
  public void close() {
    http.close();
  }
}
