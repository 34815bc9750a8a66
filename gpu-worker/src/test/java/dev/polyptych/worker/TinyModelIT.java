package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TinyModelIT {
  /** Written by the build. */
  private static final Path MODEL = TinyModels.folder();

  @Test
  void theTinyModelDrawsJobsAndASeedGivesTheSamePictureAfterOtherAdapters() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      Worker worker = bench.startWithModel("w1", MODEL);
      // When
      byte[] first = sheet(bench, "film-storyboard", 7);
      byte[] other = sheet(bench, "couple-profile", 7);
      long arrays = liveArrays(worker);
      byte[] again = sheet(bench, "film-storyboard", 7);
      byte[] otherAgain = sheet(bench, "couple-profile", 7);
      // Then
      assertArrayEquals(first, again);
      assertArrayEquals(other, otherAgain);
      assertFalse(Arrays.equals(first, sheet(bench, "film-storyboard", 8)));
      assertEquals(arrays, liveArrays(worker));
    }
  }

  private static byte[] sheet(Bench bench, String task, long seed) throws Exception {
    RenderJob job = bench.submit(task, seed, 4);
    bench.awaitState(job.id(), JobState.DONE);
    for (int panel = 1; panel <= job.layout().panels(); panel++) {
      byte[] pixels = RenderingIT.pixels(bench.results.panel(job.id(), panel).orElseThrow());
      assertEquals(3 * job.layout().panelWidth() * job.layout().panelHeight(), pixels.length);
    }
    return RenderingIT.pixels(bench.results.sheet(job.id()).orElseThrow());
  }

  private static long liveArrays(Worker worker) throws Exception {
    URI uri = URI.create("http://localhost:" + worker.managementPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String metrics =
          client
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      return metrics
          .lines()
          .filter(line -> line.startsWith("polyptych_worker_live_native_arrays "))
          .map(line -> (long) Double.parseDouble(line.split(" ")[1]))
          .findFirst()
          .orElseThrow();
    }
  }
}
