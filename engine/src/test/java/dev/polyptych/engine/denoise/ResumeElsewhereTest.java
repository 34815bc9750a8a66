package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.polyptych.engine.ForkedJava;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.Layout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on in another process, to the same bits, from any of its steps. */
class ResumeElsewhereTest {
  private static final Path MODEL = TinyModels.folder();
  private static final int STEPS = 3;

  @TempDir Path folder;

  @Test
  void goesOnInAnotherProcessFromAnyStepToTheSameBits() throws Exception {
    float[][] whole = new float[2][];
    try (FluxPipeline pipeline = open()) {
      for (int kind = 0; kind < 2; kind++) {
        try (Denoising run = pipeline.start(request(kind == 1))) {
          for (int step = 0; step < STEPS; step++) {
            run.progress().latents().write(checkpoint(folder, kind, step));
            run.step();
          }
          whole[kind] = run.progress().latents().values();
        }
      }
    }

    ForkedJava.run(OtherProcess.class, folder.toString());

    for (int kind = 0; kind < 2; kind++) {
      for (int step = 0; step < STEPS; step++) {
        float[] resumed = PackedLatents.read(result(folder, kind, step)).values();
        assertArrayEquals(whole[kind], resumed, "kind " + kind + " from step " + step);
      }
    }
  }

  /** Finishes all that it finds checkpoints of. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) {
      Path folder = Path.of(arguments[0]);
      try (FluxPipeline pipeline = open()) {
        for (int kind = 0; kind < 2; kind++) {
          for (int step = 0; step < STEPS; step++) {
            finish(pipeline, folder, kind, step);
          }
        }
      }
    }

    private static void finish(FluxPipeline pipeline, Path folder, int kind, int step) {
      Progress progress = new Progress(step, PackedLatents.read(checkpoint(folder, kind, step)));
      try (Denoising run = pipeline.resume(request(kind == 1), progress)) {
        while (!run.finished()) {
          run.step();
        }
        run.progress().latents().write(result(folder, kind, step));
      }
    }
  }

  private static FluxPipeline open() {
    return FluxPipeline.open(MODEL, EngineOptions.cpu(ComputeType.FLOAT32));
  }

  /** With a reference: of four steps, strength leaves three. */
  private static DenoiseRequest request(boolean reference) {
    DenoiseRequest bare =
        new DenoiseRequest("a bear", 64, 96, reference ? STEPS + 1 : STEPS, 3.5, 7);
    return reference ? bare.from(reference()) : bare;
  }

  private static ReferenceSheet reference() {
    Layout layout = new Layout(3, 1, 64, 32);
    return ReferenceSheet.compose(
        layout, Map.of(2, noise(64, 32)), Optional.of(noise(64, 96)), 0.75);
  }

  private static SheetPixels noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(height).nextBytes(rgb);
    return new SheetPixels(width, height, rgb);
  }

  private static Path checkpoint(Path folder, int kind, int step) {
    return folder.resolve("checkpoint-" + kind + "-" + step + ".safetensors");
  }

  private static Path result(Path folder, int kind, int step) {
    return folder.resolve("result-" + kind + "-" + step + ".safetensors");
  }
}
