package dev.polyptych.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.dispatcher.http.ContractCheck;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A product backend, as the tests play it: the JDK's own client against a running dispatcher. */
public final class ApiCaller implements AutoCloseable {
  public static final Duration DEADLINE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final Optional<String> key;

  public ApiCaller(int port) {
    this(port, Optional.empty());
  }

  /** One that shows an API key with every request. */
  public ApiCaller(int port, Optional<String> key) {
    this.base = URI.create("http://127.0.0.1:" + port);
    this.key = key;
  }

  public URI uri(String path) {
    return base.resolve(path);
  }

  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(DEADLINE);
    key.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    return request;
  }

  /** Every answer is held against the contract. */
  public HttpResponse<byte[]> send(HttpRequest.Builder request) {
    HttpResponse<byte[]> answer = send(request, BodyHandlers.ofByteArray());
    ContractCheck.check(answer);
    return answer;
  }

  public <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return client.send(request.build(), body);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  public HttpResponse<byte[]> get(String path) {
    return send(request(path));
  }

  public HttpResponse<byte[]> delete(String path) {
    return send(request(path).DELETE());
  }

  public HttpResponse<byte[]> submit(String json) {
    return submit(json.getBytes(UTF_8));
  }

  public HttpResponse<byte[]> submit(byte[] json) {
    return send(
        request("/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json)));
  }

  /** Submits and returns the new job's id. */
  public String submitted(String json) {
    return id(submit(json));
  }

  /** As {@link #submitted}, coming back as often and as late as a 503 says, up to the deadline. */
  public String submittedInTime(String json) {
    long endNanos = System.nanoTime() + DEADLINE.toNanos();
    HttpResponse<byte[]> answer = submit(json);
    while (answer.statusCode() == 503 && System.nanoTime() < endNanos) {
      String seconds = answer.headers().firstValue("Retry-After").orElseThrow();
      Executor later = CompletableFuture.delayedExecutor(Long.parseLong(seconds), TimeUnit.SECONDS);
      answer = CompletableFuture.supplyAsync(() -> submit(json), later).join();
    }
    return id(answer);
  }

  private static String id(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 202) {
      throw new AssertionError(answer.statusCode() + " " + new String(answer.body(), UTF_8));
    }
    return json(answer).path("id").textValue();
  }

  /** Asks until the answer is as it is to be, up to the deadline, and returns it. */
  public String until(String path, Predicate<String> holds) {
    long endNanos = System.nanoTime() + DEADLINE.toNanos();
    String body = new String(get(path).body(), UTF_8);
    while (!holds.test(body)) {
      if (System.nanoTime() > endNanos) {
        throw new AssertionError(path + " still answers " + body);
      }
      Executor later = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);
      body = CompletableFuture.supplyAsync(() -> new String(get(path).body(), UTF_8), later).join();
    }
    return body;
  }

  public static JsonNode json(String body) {
    try {
      return Json.mapper().readTree(body);
    } catch (IOException broken) {
      throw new UncheckedIOException(body, broken);
    }
  }

  public static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return Json.mapper().readTree(answer.body());
    } catch (IOException broken) {
      throw new UncheckedIOException(new String(answer.body(), UTF_8), broken);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
