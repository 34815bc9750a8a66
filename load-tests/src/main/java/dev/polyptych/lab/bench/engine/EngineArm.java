package dev.polyptych.lab.bench.engine;

import com.sun.management.OperatingSystemMXBean;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.denoise.PackedLatents;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.lab.bench.Timings;
import dev.polyptych.lab.bench.engine.EngineBench.EnginePlan;
import dev.polyptych.weights.lora.HostAdapter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An open model that draws the bench's job. Belongs to one thread, which owns all native memory.
 */
final class EngineArm implements AutoCloseable {
  static final double GUIDANCE = 3.5;
  private static final long SEED = 9;

  private final EnginePlan plan;
  private final FluxPipeline pipeline;
  private final PackedLatents noise;
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private PackedLatents latents;
  private Optional<SheetPixels> picture = Optional.empty();

  private EngineArm(EnginePlan plan, FluxPipeline pipeline) {
    this.plan = plan;
    this.pipeline = pipeline;
    int rows = plan.height() / pipeline.tokenEdge();
    int columns = plan.width() / pipeline.tokenEdge();
    this.noise = PackedLatents.noise(SEED, rows, columns, pipeline.channels());
  }

  /** Opens the model and makes the adapter warm. */
  static EngineArm open(EnginePlan plan, Path folder, EngineOptions options) {
    FluxPipeline pipeline = FluxPipeline.open(folder, options);
    try {
      use(plan, pipeline, plan.size().adapter(folder));
      return new EngineArm(plan, pipeline);
    } catch (RuntimeException unfit) {
      pipeline.close();
      throw unfit;
    }
  }

  private static void use(EnginePlan plan, FluxPipeline pipeline, Path file) {
    if (plan.way() == EnginePlan.Way.NONE) {
      return;
    }
    HostAdapter host = pipeline.adapterReader().read(file);
    AdapterPlacement placement = pipeline.adapterPlacement();
    pipeline.use(
        plan.way() == EnginePlan.Way.MERGED
            ? placement.merged(List.of(host), List.of(1.0))
            : placement.branch(host).at(1));
  }

  FluxPipeline pipeline() {
    return pipeline;
  }

  /** Draws the sheet. */
  EngineJob draw(String prompt) {
    var request =
        new DenoiseRequest(prompt, plan.width(), plan.height(), plan.steps(), GUIDANCE, SEED);
    long cpu = system.getProcessCpuTime();
    long begin = System.nanoTime();
    try (Denoising run = pipeline.start(request, noise)) {
      long begun = System.nanoTime();
      Timings steps = new Timings();
      long last = begun;
      while (!run.finished()) {
        run.step();
        long now = System.nanoTime();
        steps.add(now - last);
        last = now;
      }
      latents = run.progress().latents();
      picture = plan.decoding() ? Optional.of(run.decode()) : Optional.empty();
      long end = System.nanoTime();
      return new EngineJob(
          (end - begin) / 1e9,
          (system.getProcessCpuTime() - cpu) / 1e9,
          (begun - begin) / 1e9,
          steps.percentile(0.5),
          (end - last) / 1e9);
    }
  }

  /** Writes the initial noise of every job. */
  void writeNoise(Path folder) {
    noise.write(folder.resolve("noise.safetensors"));
  }

  /**
   * Writes the result of the last job: its latents and, if they were decoded, its pixels (RGB
   * bytes).
   */
  void writeDrawn(Path folder) throws IOException {
    latents.write(folder.resolve("latents.safetensors"));
    if (picture.isPresent()) {
      Files.write(folder.resolve("picture.rgb"), picture.get().rgb());
    }
  }

  @Override
  public void close() {
    pipeline.close();
  }

  /**
   * The durations of one call of the engine.
   *
   * @param seconds wall-clock time of the whole
   * @param cpuSeconds of all threads of the process; more stable on a busy machine
   * @param beginSeconds text encoders and the work that all steps share
   * @param stepSeconds the median step
   * @param decodeSeconds latents to pixels
   */
  record EngineJob(
      double seconds,
      double cpuSeconds,
      double beginSeconds,
      double stepSeconds,
      double decodeSeconds) {
    /** Both calls one after the other. The parts are those of the later call. */
    EngineJob and(EngineJob next) {
      return new EngineJob(
          seconds + next.seconds,
          cpuSeconds + next.cpuSeconds,
          next.beginSeconds,
          next.stepSeconds,
          next.decodeSeconds);
    }
  }
}
