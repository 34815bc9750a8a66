package dev.polyptych.engine.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepCacheGoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/goldens/stepcache");
  private static final int STEPS = 8;

  @ParameterizedTest
  @CsvSource({"DEV, FIRST_BLOCK", "DEV, TEACACHE", "SCHNELL, FIRST_BLOCK", "SCHNELL, TEACACHE"})
  void reusesTheStepsThatTheReferenceReusesAndDrawsTheSame(Golden golden, StepCache.Method method) {
    String name = method.text();
    double threshold = expected(golden, name + ".threshold")[0];
    try (FluxPipeline pipeline =
            FluxPipeline.open(golden.model(), EngineOptions.cpu(ComputeType.FLOAT32));
        Denoising run = start(golden, pipeline, new StepCache(method, threshold))) {
      while (!run.finished()) {
        run.step();
      }

      assertEquals(expected(golden, name + ".reused")[0], run.reusedSteps());
      Tolerance.check(
          golden + " " + name,
          ComputeType.FLOAT32,
          expected(golden, name + ".latents"),
          run.progress().latents().values());
    }
  }

  private static Denoising start(Golden golden, FluxPipeline pipeline, StepCache cache) {
    DenoiseRequest request =
        new DenoiseRequest(
            Golden.prompts().getFirst(), Golden.WIDTH, Golden.HEIGHT, STEPS, Golden.GUIDANCE, 0);
    float[] initial = golden.expected("latents");
    int tokens = Golden.WIDTH * Golden.HEIGHT / 256;
    return pipeline.start(
        request.with(cache), new PackedLatents(tokens, initial.length / tokens, initial));
  }

  private static float[] expected(Golden golden, String name) {
    Path file = ROOT.resolve(golden.name().toLowerCase(Locale.ROOT) + ".safetensors");
    try (SafetensorsFile fixture = SafetensorsFile.open(file)) {
      return fixture.floats(name);
    }
  }
}
