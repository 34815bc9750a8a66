package dev.polyptych.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.image.PreviewEncoder;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobRequest;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.schema.job.JobState;
import dev.polyptych.schema.job.RenderJob;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PreviewsIT {
  @Test
  void eventsCarrySmallPicturesAtMostTwoASecondWhereTheJobAsksForThem() throws Exception {
    try (Bench bench = Bench.shared()) {
      // Given
      bench.start("w1", PaintingEngine.slow(Duration.ofMillis(100)));
      // When
      RenderJob asked = bench.submit(request(true));
      RenderJob silent = bench.submit(request(false));
      bench.awaitState(asked.id(), JobState.DONE);
      bench.awaitState(silent.id(), JobState.DONE);
      // Then
      List<JobEvent> seen = previews(bench, asked);
      assertFalse(seen.isEmpty());
      for (JobEvent event : seen) {
        byte[] jpeg = Base64.getDecoder().decode(event.preview().orElseThrow());
        assertTrue(jpeg.length <= PreviewEncoder.MAX_BYTES);
        assertTrue(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth() > 0);
      }
      var times = bench.store.status(asked.id()).orElseThrow().times();
      Duration took =
          Duration.between(times.started().orElseThrow(), times.finished().orElseThrow());
      assertTrue(seen.size() <= took.toMillis() / 500 + 1, seen.size() + " in " + took);
      assertEquals(List.of(), previews(bench, silent));
    }
  }

  private static List<JobEvent> previews(Bench bench, RenderJob job) {
    return bench.results.events(job.id(), "").stream()
        .filter(event -> event.preview().isPresent())
        .toList();
  }

  private static JobRequest request(boolean previews) {
    JobRequest plain = Bench.request("couple-profile", 7, 20, Optional.empty());
    String json =
        new String(dev.polyptych.schema.json.Json.bytes(plain), StandardCharsets.UTF_8)
            .replaceFirst("}$", ",\"previews\":" + previews + "}");
    return switch (JobRequestReader.read(json.getBytes(StandardCharsets.UTF_8))) {
      case Validated.Valid<JobRequest>(var request) -> request;
      case Validated.Invalid<JobRequest> wrong -> throw new AssertionError(wrong);
    };
  }
}
