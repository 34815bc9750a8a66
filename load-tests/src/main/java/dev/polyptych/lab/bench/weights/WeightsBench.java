package dev.polyptych.lab.bench.weights;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.lab.bench.weights.WeightErrors.DrawnSheet;
import dev.polyptych.lab.bench.weights.WeightsPlan.Sheet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Draws the same sheets with weights of each type, one type after another, and compares them with
 * those of float32. Runs on the calling thread, which owns all native memory.
 */
public final class WeightsBench {
  private final WeightsPlan plan;
  private final EngineOptions machine;
  private final Consumer<String> progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final Map<String, String> facts = BenchReport.thisMachine();

  /**
   * @param machine device and threads; its types are not used
   * @param progress receives a line per type
   */
  public WeightsBench(WeightsPlan plan, EngineOptions machine, Consumer<String> progress) {
    this.plan = plan;
    this.machine = machine;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws dev.polyptych.weights.lora.AdapterException if a task's adapter is not in the model's
   *     folder or does not fit it
   */
  public BenchReport run() {
    figures.put("sheets", (double) plan.sheets().size());
    List<DrawnSheet> exact = List.of();
    for (WeightArm arm : WeightArm.values()) {
      List<DrawnSheet> drawn = drawn(arm);
      if (arm == WeightArm.FLOAT32) {
        exact = drawn;
      } else {
        WeightErrors errors = new WeightErrors();
        for (int i = 0; i < drawn.size(); i++) {
          errors.add(exact.get(i), drawn.get(i));
        }
        figures.putAll(errors.figures(prefix(arm)));
      }
    }
    return new BenchReport("weights", facts, figures, List.of());
  }

  private static String prefix(WeightArm arm) {
    return arm.name().toLowerCase(Locale.ROOT) + "_";
  }

  private List<DrawnSheet> drawn(WeightArm arm) {
    progress.accept("weights " + arm.name().toLowerCase(Locale.ROOT));
    Timings steps = new Timings();
    List<DrawnSheet> drawn = new ArrayList<>();
    try (FluxPipeline pipeline = plan.opening().apply(arm.on(machine))) {
      facts.put("device", pipeline.device());
      facts.put("threads", String.valueOf(machine.threads()));
      Sheet first = plan.sheets().getFirst();
      draw(pipeline, first, new Timings());
      for (Sheet sheet : plan.sheets()) {
        drawn.add(draw(pipeline, sheet, steps));
      }
      MemoryPlan.Use use = pipeline.plan().use();
      figures.put(prefix(arm) + "step_seconds", steps.percentile(0.5));
      figures.put(prefix(arm) + "transformer_bytes", (double) use.transformer() + use.modulation());
      figures.put(prefix(arm) + "text_encoders_bytes", (double) use.text());
    }
    return drawn;
  }

  private DrawnSheet draw(FluxPipeline pipeline, Sheet sheet, Timings steps) {
    if (sheet.adapter().isEmpty()) {
      return drawWithAdapter(pipeline, sheet.request(), steps);
    }
    try (Adapter adapter = pipeline.readAdapter(sheet.adapter().get())) {
      pipeline.use(adapter.at(sheet.scale()));
      return drawWithAdapter(pipeline, sheet.request(), steps);
    } finally {
      pipeline.useNone();
    }
  }

  private DrawnSheet drawWithAdapter(FluxPipeline pipeline, DenoiseRequest request, Timings steps) {
    int edge = pipeline.tokenEdge();
    PackedLatents noise =
        PackedLatents.noise(
            request.seed(), request.height() / edge, request.width() / edge, pipeline.channels());
    try (Denoising run = pipeline.start(request, noise)) {
      while (!run.finished()) {
        long begin = System.nanoTime();
        run.step();
        steps.add(System.nanoTime() - begin);
      }
      return new DrawnSheet(
          noise.values(),
          run.progress().latents().values(),
          plan.decoding() ? Optional.of(run.decode()) : Optional.empty());
    }
  }
}
