package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.ForkedJava;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Fifty jobs in a row leave nothing behind. */
class SteadyMemoryIT {
  private static final Path MODEL = TinyModels.folder();
  private static final int JOBS = 50;
  private static final int SETTLED = 5;
  private static final int WINDOW = 5;
  private static final double RISE = 0.02;

  @Test
  void keepsArraysAndResidentMemoryFlatOverFiftyJobs() throws Exception {
    List<String> lines =
        ForkedJava.run(FiftyJobs.class).lines().filter(line -> line.startsWith("job ")).toList();

    assertEquals(JOBS, lines.size(), lines.toString());
    assertEquals(1, lines.stream().map(line -> line.split(" ")[1]).distinct().count());
    double settled = resident(lines.subList(SETTLED, SETTLED + WINDOW));
    double last = resident(lines.subList(JOBS - WINDOW, JOBS));
    assertTrue(last < settled * (1 + RISE), settled + " kB rose to " + last + " kB");
  }

  /** The least of some jobs: the allocator gives some buffers back a job later. */
  private static long resident(List<String> lines) {
    return lines.stream().mapToLong(line -> Long.parseLong(line.split(" ")[2])).min().orElseThrow();
  }

  /** Prints live arrays and resident memory in kB after each job. */
  static final class FiftyJobs {
    private FiftyJobs() {}

    public static void main(String[] arguments) {
      try (FluxPipeline pipeline =
              FluxPipeline.open(MODEL, EngineOptions.cpu(ComputeType.FLOAT32));
          Adapter couple = adapter(pipeline, "couple-profile");
          Adapter storyboard = adapter(pipeline, "film-storyboard")) {
        pipeline.warmUp(64, 96, Optional.empty());
        for (int job = 1; job <= JOBS; job++) {
          pipeline.use((job % 2 == 0 ? couple : storyboard).at(1));
          draw(pipeline, job);
          // What waits for the garbage collector is no leak.
          System.gc();
          System.out.println("job " + pipeline.liveArrays() + " " + residentKilobytes());
        }
      }
    }

    private static Adapter adapter(FluxPipeline pipeline, String name) {
      return pipeline.readAdapter(MODEL.resolve("adapters").resolve(name + ".safetensors"));
    }

    private static void draw(FluxPipeline pipeline, int job) {
      DenoiseRequest bare = new DenoiseRequest("job " + job, 64, 96, 2, 3.5, job);
      DenoiseRequest request =
          job % 4 == 0 ? bare.with(new StepCache(StepCache.Method.FIRST_BLOCK, 1e9)) : bare;
      Layout layout = new Layout(3, 1, 64, 32);
      SheetPixels panel = new SheetPixels(64, 32, new byte[64 * 32 * 3]);
      ReferenceSheet reference =
          ReferenceSheet.compose(layout, Map.of(1, panel), Optional.empty(), 1);
      try (Denoising run = pipeline.start(job % 3 == 0 ? request.from(reference) : request)) {
        while (!run.finished()) {
          run.step();
          run.preview();
        }
        run.decode();
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
