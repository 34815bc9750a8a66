package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.tiny.TinyModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(ComputeType.class)
class FluxPipelineTest {
  private static final Path MODEL = TinyModels.folder();
  private static final DenoiseRequest STORYBOARD =
      request("[MOVIE-SHOTS] a bear wins a balloon", 42);

  private static FluxPipeline pipeline;

  @Parameter ComputeType type;

  @BeforeParameterizedClassInvocation
  static void open(ComputeType type) {
    pipeline = FluxPipeline.open(MODEL, EngineOptions.cpu(type));
    pipeline.warmUp(64, 96, Optional.empty());
  }

  @AfterParameterizedClassInvocation
  static void close() {
    pipeline.close();
  }

  @AfterEach
  void forgetAdapter() {
    pipeline.useNone();
  }

  @Test
  void computesInTheTypeThatWasAskedFor() {
    assertEquals(type, pipeline.computeType());
    assertEquals("cpu()", pipeline.device());
  }

  @Test
  void drawsTheSamePictureFromTheSameSeed() {
    assertArrayEquals(draw(STORYBOARD), draw(STORYBOARD));
  }

  @Test
  void drawsAnotherPictureFromAnotherSeedOrPrompt() {
    byte[] picture = draw(STORYBOARD);

    assertTrue(PictureStatistics.difference(picture, draw(request(STORYBOARD.prompt(), 43))) > 5);
    assertTrue(
        PictureStatistics.difference(
                picture, draw(request("a quiet room, rustic, a fireplace", 42)))
            > 2);
  }

  @Test
  void drawsColoursNotGrey() {
    byte[] picture = draw(STORYBOARD);

    PictureStatistics statistics = PictureStatistics.of(picture);
    assertTrue(statistics.mean() > 60 && statistics.mean() < 200, statistics.toString());
    assertTrue(statistics.spread() > 30, statistics.toString());
  }

  @Test
  void givesBackTheSameLatentsAfterAnySequenceOfAdapters() {
    try (Adapter couple = adapter("couple-profile");
        Adapter storyboard = adapter("film-storyboard")) {
      float[] bare = latents(STORYBOARD);
      pipeline.use(couple.at(1));
      float[] first = latents(STORYBOARD);
      pipeline.use(storyboard.at(1));
      float[] other = latents(STORYBOARD);
      pipeline.use(couple.at(1));
      float[] again = latents(STORYBOARD);
      pipeline.useNone();

      assertArrayEquals(first, again);
      assertArrayEquals(bare, latents(STORYBOARD));
      assertFalse(Arrays.equals(first, other));
      assertFalse(Arrays.equals(first, bare));
    }
  }

  @Test
  void drawsLikeTheBaseWithAnAdapterOfNoStrength() {
    float[] bare = latents(STORYBOARD);
    try (Adapter couple = adapter("couple-profile")) {
      pipeline.use(couple.at(0));

      assertArrayEquals(bare, latents(STORYBOARD));
    }
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() {
    float[] whole = latents(STORYBOARD);
    Progress checkpoint;
    try (Denoising run = pipeline.start(STORYBOARD)) {
      run.step();
      run.step();
      checkpoint = run.progress();
    }

    try (Denoising run = pipeline.resume(STORYBOARD, checkpoint)) {
      assertEquals(2, run.completedSteps());
      assertArrayEquals(whole, finish(run));
    }
  }

  @Test
  void keepsTheNumberOfNativeArraysOverManyJobs() {
    int before = pipeline.liveArrays();
    for (int i = 0; i < 12; i++) {
      try (Adapter couple = adapter("couple-profile")) {
        pipeline.use(couple.at(1));
        draw(request("job " + i, i));
        pipeline.useNone();
      }
      assertEquals(before, pipeline.liveArrays());
    }
  }

  @Test
  void stopsWhenTheLatentsAreNotFinite() {
    try (Adapter couple = adapter("couple-profile")) {
      pipeline.use(couple.at(1e38));
      try (Denoising run = pipeline.start(request("x", 1))) {
        var stop = assertThrows(DivergedException.class, run::step);

        assertTrue(stop.getMessage().startsWith("latents are not finite after step 1"));
      }
    }
  }

  @Test
  void refusesAStepAfterTheLast() {
    try (Denoising run = pipeline.start(STORYBOARD)) {
      finish(run);

      assertThrows(IllegalStateException.class, run::step);
    }
  }

  @Test
  void refusesSizesThatAreNoWholeTokens() {
    DenoiseRequest odd = new DenoiseRequest("x", 64, 90, 4, 3.5, 1);

    var refusal = assertThrows(IllegalArgumentException.class, () -> pipeline.start(odd));

    assertEquals("width and height must be multiples of 16, were 64x90", refusal.getMessage());
  }

  @Test
  void refusesLatentsOfAnotherSize() {
    Progress wrong = new Progress(0, PackedLatents.noise(1, 2, 2, 64));

    assertThrows(IllegalArgumentException.class, () -> pipeline.resume(STORYBOARD, wrong));
  }

  private static DenoiseRequest request(String prompt, long seed) {
    return new DenoiseRequest(prompt, 64, 96, 4, 3.5, seed);
  }

  private static Adapter adapter(String name) {
    return pipeline.readAdapter(MODEL.resolve("adapters").resolve(name + ".safetensors"));
  }

  private static byte[] draw(DenoiseRequest request) {
    try (Denoising run = pipeline.start(request)) {
      finish(run);
      return run.decode().rgb();
    }
  }

  private static float[] latents(DenoiseRequest request) {
    try (Denoising run = pipeline.start(request)) {
      return finish(run);
    }
  }

  private static float[] finish(Denoising run) {
    while (!run.finished()) {
      run.step();
    }
    return run.progress().latents().values();
  }
}
