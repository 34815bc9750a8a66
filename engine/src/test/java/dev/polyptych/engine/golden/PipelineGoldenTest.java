package dev.polyptych.engine.golden;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.denoise.SigmaSchedule;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.weights.model.ModelFolder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PipelineGoldenTest {
  @ParameterizedTest
  @EnumSource(Golden.class)
  void drawsTheReferencesPictureFromTheSameLatents(Golden golden) {
    try (FluxPipeline pipeline =
        FluxPipeline.open(golden.model(), EngineOptions.cpu(ComputeType.FLOAT32))) {
      draw(golden, pipeline, "drawn.base");
    }
  }

  @ParameterizedTest
  @EnumSource(Golden.class)
  void drawsTheReferencesPictureWithAnAdapter(Golden golden) {
    try (FluxPipeline pipeline =
            FluxPipeline.open(golden.model(), EngineOptions.cpu(ComputeType.FLOAT32));
        Adapter adapter = pipeline.readAdapter(golden.adapter("plain"))) {
      pipeline.use(adapter.at(0.5));

      draw(golden, pipeline, "drawn.plain.0.5");
    }
  }

  @ParameterizedTest
  @EnumSource(Golden.class)
  void walksTheReferencesSigmas(Golden golden) {
    ModelFolder folder = ModelFolder.open(golden.model());
    for (int tokens : new int[] {24, 256, 4080, 6144, 9072}) {
      float[] expected = golden.expected("sigmas." + tokens);
      SigmaSchedule schedule = SigmaSchedule.of(folder.scheduler(), tokens, expected.length - 1);
      float[] sigmas = new float[expected.length];
      for (int i = 0; i < sigmas.length; i++) {
        sigmas[i] = (float) schedule.sigma(i);
      }

      Tolerance.check(golden + " sigmas." + tokens, ComputeType.FLOAT32, expected, sigmas);
    }
  }

  private static void draw(Golden golden, FluxPipeline pipeline, String name) {
    try (Denoising run = pipeline.resume(request(), start(golden))) {
      while (!run.finished()) {
        run.step();
      }
      float[] latents = run.progress().latents().values();
      float[] expected = golden.expected(name + ".latents");
      Tolerance.check(golden + " " + name, ComputeType.FLOAT32, expected, latents);
      float[] pixels = golden.expected(name + ".pixels");
      Tolerance.checkPicture(golden + " " + name, pixels, run.decode().rgb());
    }
  }

  private static DenoiseRequest request() {
    String prompt = Golden.prompts().getFirst();
    return new DenoiseRequest(
        prompt, Golden.WIDTH, Golden.HEIGHT, Golden.STEPS, Golden.GUIDANCE, 0);
  }

  private static Progress start(Golden golden) {
    float[] initial = golden.expected("latents");
    int tokens = Golden.WIDTH * Golden.HEIGHT / 256;
    return new Progress(0, new PackedLatents(tokens, initial.length / tokens, initial));
  }
}
