package dev.polyptych.lab.bench.memory;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.DevicePlan;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.WeightType;
import dev.polyptych.engine.plan.MemoryDemand.Room;
import dev.polyptych.engine.plan.MemoryPlan;
import dev.polyptych.engine.plan.TextPlace;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Draws one sheet with random weights, and tells what each part took. Linux only. */
public final class MemoryBench {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double GIB = 1L << 30;
  private static final double GUIDANCE = 3.5;

  private final ModelFolder model;
  private final EngineOptions options;
  private final Sheet sheet;
  private final Optional<TextPlace> text;
  private final Consumer<String> progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  /** Of the sheet, in pixels, and of its job. */
  public record Sheet(int width, int height, int steps) {}

  /**
   * @param options with float8 weights, these come in float8, as from a file; otherwise in bfloat16
   * @param text where the text encoders are to be; empty: as planned
   */
  public MemoryBench(
      ModelFolder model,
      EngineOptions options,
      Sheet sheet,
      Optional<TextPlace> text,
      Consumer<String> progress) {
    this.model = model;
    this.options = options.with(Room.of(sheet.width(), sheet.height()));
    this.sheet = sheet;
    this.text = text;
    this.progress = progress;
  }

  /** Draws the sheet. */
  public BenchReport run() {
    RandomSource source = new RandomSource(options.weightType() == WeightType.FLOAT8);
    MemoryPlan planned = DevicePlan.of(model, source.stored(model), options);
    MemoryPlan plan = text.map(planned::with).orElse(planned);
    progress.accept("plan: " + plan);
    figures.put("planned_weights_bytes", (double) plan.weightBytes());
    figures.put("planned_reserve_bytes", (double) plan.use().reserve());
    figures.put("planned_peak_bytes", (double) plan.peakBytes());
    FluxPipeline.loadPyTorch();
    forgetPeak();
    figures.put("before_resident_bytes", (double) status("VmRSS"));
    long begin = System.nanoTime();
    try (FluxPipeline pipeline = FluxPipeline.open(model, source, options, plan)) {
      part("load", begin);
      draw(pipeline);
      figures.put("peak_gib", status("VmHWM") / GIB);
      Map<String, String> machine = BenchReport.thisMachine();
      machine.put("device", pipeline.device());
      machine.put("computeType", pipeline.computeType().text());
      machine.put("plan", plan.decisions());
      return new BenchReport("memory", machine, figures, List.of());
    }
  }

  private void draw(FluxPipeline pipeline) {
    DenoiseRequest request =
        new DenoiseRequest(
            "a cat on a mat", sheet.width(), sheet.height(), sheet.steps(), GUIDANCE, 1);
    long begin = System.nanoTime();
    try (Denoising run = pipeline.start(request)) {
      part("begin", begin);
      Timings steps = new Timings();
      while (!run.finished()) {
        long before = System.nanoTime();
        run.step();
        steps.add(System.nanoTime() - before);
        progress.accept("step %d".formatted(run.completedSteps()));
      }
      figures.put("step_seconds", steps.percentile(0.5));
      memory("steps");
      long decode = System.nanoTime();
      run.decode();
      part("decode", decode);
    }
  }

  private void part(String name, long begin) {
    figures.put(name + "_seconds", (System.nanoTime() - begin) / 1e9);
    memory(name);
  }

  private void memory(String name) {
    figures.put(name + "_resident_bytes", (double) status("VmRSS"));
    figures.put(name + "_peak_bytes", (double) status("VmHWM"));
    progress.accept(
        "%s: resident %.2f GiB, peak until now %.2f GiB"
            .formatted(name, status("VmRSS") / GIB, status("VmHWM") / GIB));
  }

  /** Linux forgets the peak until now. */
  private void forgetPeak() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException notAllowed) {
      progress.accept("the peak counts from the process' start");
    }
  }

  /** A line of the process' status, in bytes. */
  private static long status(String name) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException unknown) {
      throw new UncheckedIOException(unknown);
    }
  }
}
