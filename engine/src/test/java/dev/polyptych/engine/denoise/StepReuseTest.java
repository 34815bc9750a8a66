package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AppliedAdapters;
import dev.polyptych.engine.denoise.Denoising.Progress;
import dev.polyptych.engine.denoise.StepCache.Method;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.weights.lora.HostAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(ComputeType.class)
class StepReuseTest {
  private static final Path MODEL = TinyModels.folder();
  private static final int STEPS = 6;
  private static final DenoiseRequest BEAR = new DenoiseRequest("a bear", 64, 96, STEPS, 3.5, 7);

  /** More than any two steps differ by. */
  private static final double HUGE = 1e30;

  private static FluxPipeline pipeline;

  @Parameter ComputeType type;

  @BeforeParameterizedClassInvocation
  static void open(ComputeType type) {
    pipeline = FluxPipeline.open(MODEL, EngineOptions.cpu(type));
    pipeline.warmUp(64, 96, Optional.of(new StepCache(Method.TEACACHE, 1)));
  }

  @AfterParameterizedClassInvocation
  static void close() {
    pipeline.close();
  }

  @AfterEach
  void forgetAdapter() {
    pipeline.useNone();
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aThresholdOfNothingDrawsTheBitsOfNoCache(Method method) {
    try (Denoising run = pipeline.start(BEAR.with(new StepCache(method, 0)))) {
      assertArrayEquals(latents(BEAR), finish(run));
      assertEquals(0, run.reusedSteps());
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void withReferenceAndAdaptersInEitherWayAThresholdOfNothingDrawsTheBitsOfNoCache(Method method) {
    HostAdapter host =
        pipeline.adapterReader().read(MODEL.resolve("adapters/couple-profile.safetensors"));
    DenoiseRequest referring = BEAR.from(reference());
    try (Adapter branch = pipeline.adapterPlacement().branch(host);
        AppliedAdapters merged = pipeline.adapterPlacement().merged(List.of(host), List.of(1.0))) {
      for (AppliedAdapters adapters : List.of(branch.at(1), merged)) {
        pipeline.use(adapters);

        assertArrayEquals(
            latents(referring),
            latents(referring.with(new StepCache(method, 0))),
            adapters.toString());
      }
    }
  }

  @Test
  void firstBlockReusesEveryStepButTheFirstAtAHugeThreshold() {
    assertEquals(
        List.of(1, 2, 3, 4, 5), reused(BEAR.with(new StepCache(Method.FIRST_BLOCK, HUGE))));
  }

  @Test
  void teacacheReusesEveryStepButTheFirstAndTheLastAtAHugeThreshold() {
    assertEquals(List.of(1, 2, 3, 4), reused(BEAR.with(new StepCache(Method.TEACACHE, HUGE))));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void reusedStepsDrawAnotherPictureAndAlwaysTheSame(Method method) {
    DenoiseRequest cached = BEAR.with(new StepCache(method, HUGE));

    assertFalse(Arrays.equals(latents(BEAR), latents(cached)));
    assertArrayEquals(latents(cached), latents(cached));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void theFirstStepAfterAResumeIsComputed(Method method) {
    DenoiseRequest cached = BEAR.with(new StepCache(method, HUGE));
    Progress checkpoint;
    try (Denoising run = pipeline.start(cached)) {
      run.step();
      run.step();
      checkpoint = run.progress();
    }

    try (Denoising resumed = pipeline.resume(cached, checkpoint);
        Denoising whole = pipeline.resume(BEAR, checkpoint)) {
      resumed.step();
      whole.step();
      assertEquals(0, resumed.reusedSteps());
      assertArrayEquals(whole.progress().latents().values(), resumed.progress().latents().values());
      resumed.step();
      assertEquals(1, resumed.reusedSteps());
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void whatARunKeepsIsBoundedAndFreedWithItWhereverItStops(Method method) {
    int before = pipeline.liveArrays();
    List<Integer> kept = new ArrayList<>();
    for (double threshold : new double[] {0, HUGE}) {
      try (Denoising run = pipeline.start(BEAR.with(new StepCache(method, threshold)))) {
        run.step();
        for (int i = 0; i < 3; i++) {
          run.step();
          kept.add(pipeline.liveArrays());
        }
      }
      assertEquals(before, pipeline.liveArrays());
    }
    assertEquals(1, kept.stream().distinct().count(), kept::toString);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void stopsWhenTheLatentsAreNotFinite(Method method) {
    int before;
    try (Adapter couple =
        pipeline.readAdapter(MODEL.resolve("adapters/couple-profile.safetensors"))) {
      before = pipeline.liveArrays();
      pipeline.use(couple.at(1e38));
      try (Denoising run = pipeline.start(BEAR.with(new StepCache(method, 1)))) {
        assertThrows(DivergedException.class, run::step);
      }
      assertEquals(before, pipeline.liveArrays());
    }
  }

  @Test
  void liesBetweenBothAtAThresholdBetween() {
    List<Integer> some = reused(BEAR.with(new StepCache(Method.TEACACHE, 0.9)));

    assertTrue(!some.isEmpty() && some.size() < STEPS - 2, some::toString);
  }

  private static ReferenceSheet reference() {
    SheetPixels panel = new SheetPixels(64, 32, new byte[64 * 32 * 3]);
    return ReferenceSheet.compose(new Layout(3, 1, 64, 32), Map.of(1, panel), Optional.empty(), 1);
  }

  private static List<Integer> reused(DenoiseRequest request) {
    List<Integer> steps = new ArrayList<>();
    try (Denoising run = pipeline.start(request)) {
      while (!run.finished()) {
        int before = run.reusedSteps();
        run.step();
        if (run.reusedSteps() > before) {
          steps.add(run.completedSteps() - 1);
        }
      }
    }
    return steps;
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
