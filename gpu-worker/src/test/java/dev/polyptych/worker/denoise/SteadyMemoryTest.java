package dev.polyptych.worker.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.worker.ForkedJava;
import dev.polyptych.worker.adapter.Adapter;
import dev.polyptych.worker.model.graph.ComputeType;
import dev.polyptych.worker.sheet.ReferenceSheet;
import dev.polyptych.worker.sheet.SheetPixels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Fifty jobs in a row leave nothing behind. */
class SteadyMemoryTest {
  private static final Path MODEL = Path.of("target/models/tiny");
  private static final int JOBS = 50;
  private static final int SETTLED = 5;
  private static final double RISE = 0.02;

  @Test
  void keepsArraysAndResidentMemoryFlatOverFiftyJobs() throws Exception {
    String[] lines = ForkedJava.run(FiftyJobs.class).lines().toArray(String[]::new);

    String[] settled = lines[lines.length - 2].split(" ");
    String[] last = lines[lines.length - 1].split(" ");
    assertEquals(settled[0], last[0], "live arrays");
    double rise = Double.parseDouble(last[1]) / Double.parseDouble(settled[1]) - 1;
    assertTrue(rise < RISE, "resident memory rose by " + rise);
  }

  /** Prints live arrays and resident memory in kB after the fifth job and after the last. */
  static final class FiftyJobs {
    private FiftyJobs() {}

    public static void main(String[] arguments) {
      try (FluxPipeline pipeline =
          FluxPipeline.open(MODEL, EngineOptions.cpu(ComputeType.FLOAT32))) {
        for (int job = 1; job <= JOBS; job++) {
          draw(pipeline, job);
          if (job == SETTLED || job == JOBS) {
            System.out.println(pipeline.liveArrays() + " " + residentKilobytes());
          }
        }
      }
    }

    private static void draw(FluxPipeline pipeline, int job) {
      DenoiseRequest request = new DenoiseRequest("job " + job, 64, 96, 2, 3.5, job, 1);
      Layout layout = new Layout(3, 1, 64, 32);
      SheetPixels panel = new SheetPixels(64, 32, new byte[64 * 32 * 3]);
      ReferenceSheet reference =
          ReferenceSheet.compose(layout, Map.of(1, panel), Optional.empty(), 1);
      String name = job % 2 == 0 ? "couple-profile" : "film-storyboard";
      try (Adapter adapter =
          pipeline.readAdapter(MODEL.resolve("adapters").resolve(name + ".safetensors"))) {
        pipeline.use(adapter);
        try (Denoising run = pipeline.start(job % 3 == 0 ? request.from(reference) : request)) {
          while (!run.finished()) {
            run.step();
            run.preview();
          }
          run.decode();
        }
        pipeline.useNone();
      }
    }

    private static long residentKilobytes() {
      try {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
