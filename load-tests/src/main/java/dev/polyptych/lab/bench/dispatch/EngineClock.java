package dev.polyptych.lab.bench.dispatch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** Reads the busy time of a worker's engine from the worker's metrics. */
final class EngineClock implements AutoCloseable {
  private static final String NAME = "polyptych_worker_render_seconds";

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  /** Totals since the start of the worker, or between two readings. */
  record Reading(long jobs, long nanos) {
    Reading since(Reading before) {
      return new Reading(jobs - before.jobs, nanos - before.nanos);
    }

    long meanNanos() {
      return jobs == 0 ? 0 : nanos / jobs;
    }
  }

  EngineClock(URI metrics) {
    this.request = HttpRequest.newBuilder(metrics).build();
  }

  Reading read() throws IOException, InterruptedException {
    String text = client.send(request, BodyHandlers.ofString()).body();
    return new Reading((long) value(text, "_count"), (long) (value(text, "_sum") * 1e9));
  }

  private static double value(String text, String suffix) {
    return text.lines()
        .filter(line -> line.startsWith(NAME + suffix))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("the worker's metrics have no " + NAME + suffix));
  }

  @Override
  public void close() {
    client.close();
  }
}
