package dev.polyptych.worker.render.flux;

import ai.djl.engine.Engine;
import dev.polyptych.engine.adapter.AppliedAdapters;
import dev.polyptych.engine.adapter.AppliedAdapters.Applied;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.SigmaSchedule;
import dev.polyptych.engine.denoise.StepCache;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.weights.digest.ModelDigests;
import dev.polyptych.worker.publish.Provenance;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the receipts of all sheets of one loaded model have in common. */
record Origin(ModelDigests model, Receipt.EngineUsed engine) {
  /** The name in diffusers of what {@link SigmaSchedule} computes. */
  private static final String SAMPLER = "FlowMatchEulerDiscrete";

  static Receipt.EngineUsed engine(String device, String computeType, int threads) {
    // The build writes it into the manifest. Classes in a folder have none.
    String own = Origin.class.getPackage().getImplementationVersion();
    Map<String, String> versions =
        Map.of(
            "polyptych",
            Optional.ofNullable(own).orElse("unpackaged"),
            "djl",
            Engine.getDjlVersion(),
            "pytorch",
            Engine.getEngine("PyTorch").getVersion());
    return new Receipt.EngineUsed(versions, device, computeType, threads);
  }

  /** The provenance of a run that has not made a step in this process. */
  Provenance of(
      AppliedAdapters adapters, Denoising run, Optional<StepCache> cache, TextReading text) {
    SigmaSchedule schedule = run.schedule();
    return new Provenance(
        model,
        adapters.adapters().stream().map(Origin::file).toList(),
        engine,
        new Receipt.NoiseSchedule(
            SAMPLER,
            schedule.shift(),
            IntStream.rangeClosed(0, schedule.steps()).mapToObj(schedule::sigma).toList(),
            cache.map(used -> used(used, run.completedSteps()))),
        text);
  }

  private static Receipt.AdapterFile file(Applied adapter) {
    String way = adapter.way().name().toLowerCase(Locale.ROOT);
    return new Receipt.AdapterFile(adapter.name(), adapter.digest(), way, adapter.scale());
  }

  private static Receipt.StepCacheUsed used(StepCache cache, int resumedAfter) {
    return new Receipt.StepCacheUsed(cache.method().text(), cache.threshold(), resumedAfter);
  }
}
