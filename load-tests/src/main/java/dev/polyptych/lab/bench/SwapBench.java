package dev.polyptych.lab.bench;

import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.AdapterTrial.Times;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.weights.lora.HostAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/**
 * Measures the cost of adapters: seconds of a swap from each tier; seconds of a step without an
 * adapter, with a branch and with a merged adapter; and the number of jobs in a row from which
 * merging pays. The model has random weights and is so large that matrix products, not calls,
 * dominate.
 */
public final class SwapBench {
  /** 27 million parameters, and adapters of the IC-LoRAs' rank. */
  private static final TinyModel.Size SIZE = new TinyModel.Size(64, 1, 4, 8, 64, 16);

  /** Edge in pixels of an image token. */
  private static final int TOKEN = 16;

  private static final int SWAPS = 9;

  /**
   * Steps of each kind; their median counts. A step over the largest sheet takes about 15 s on two
   * cores.
   */
  private static final int ROUNDS = 3;

  private static final int JOB_STEPS = 20;

  private final Path folder;
  private final TinyModel.Size size;
  private final List<Sheet> sheets;
  private final int rounds;
  private final Consumer<String> progress;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  /** The size of a sheet in tokens. */
  record Sheet(int rows, int columns) {
    int tokens() {
      return rows * columns;
    }
  }

  SwapBench(
      Path folder, TinyModel.Size size, List<Sheet> sheets, int rounds, Consumer<String> progress) {
    this.folder = folder;
    this.size = size;
    this.sheets = sheets;
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * Sheets of 256 to 2,048 tokens; takes less than a minute.
   *
   * @param folder empty; the model is written there
   * @param progress receives a line per part
   */
  public static SwapBench quick(Path folder, Consumer<String> progress) {
    List<Sheet> sheets = List.of(new Sheet(16, 16), new Sheet(32, 32), new Sheet(32, 64));
    return new SwapBench(folder, SIZE, sheets, ROUNDS, progress);
  }

  /** Sheets up to 9,216 tokens, the size of the published tasks; takes minutes on a CPU. */
  public static SwapBench full(Path folder, Consumer<String> progress) {
    List<Sheet> sheets = new ArrayList<>(quick(folder, progress).sheets);
    sheets.addAll(List.of(new Sheet(64, 64), new Sheet(96, 96)));
    return new SwapBench(folder, SIZE, sheets, ROUNDS, progress);
  }

  /** Measures on the calling thread, which owns all native memory. */
  public BenchReport run() throws IOException {
    progress.accept("writing a random model");
    TinyModel.write(folder, size, List.of("bench"));
    try (FluxPipeline pipeline = FluxPipeline.open(folder, EngineOptions.automatic())) {
      Map<String, String> machine = BenchReport.thisMachine();
      machine.put("device", pipeline.device());
      machine.put("computeType", pipeline.computeType().name().toLowerCase(Locale.ROOT));
      swaps(pipeline);
      double smallestStep = steps(pipeline);
      double prefetched = figures.get("swap_host_seconds") / smallestStep;
      Aim aim =
          Aim.below(
              "prefetched_swap_in_steps_of_" + sheets.getFirst().tokens() + "_tokens",
              1,
              prefetched);
      return new BenchReport("swap", machine, figures, List.of(aim));
    }
  }

  private void swaps(FluxPipeline pipeline) {
    progress.accept("swapping from each tier");
    Path file = folder.resolve("adapters/bench.safetensors");
    AdapterPlacement placement = pipeline.adapterPlacement();
    HostAdapter host = pipeline.adapterReader().read(file);
    figures.put("adapter_bytes", (double) host.bytes());
    // The file is in the page cache, like a file that was prefetched or just downloaded.
    figures.put(
        "swap_file_seconds", median(() -> closing(() -> pipeline.readAdapter(file)::close)));
    figures.put("swap_host_seconds", median(() -> closing(() -> placement.branch(host)::close)));
    try (Adapter branch = placement.branch(host)) {
      figures.put("merged_bytes", (double) placement.mergedBytes(List.of(branch)));
      figures.put(
          "swap_device_branch_seconds", median(() -> seconds(() -> pipeline.use(branch.at(1)))));
      figures.put(
          "swap_merged_seconds",
          median(() -> closing(() -> placement.merged(List.of(host), List.of(1.0))::close)));
    } finally {
      pipeline.useNone();
    }
  }

  /** Returns the seconds of a step over the smallest sheet with a branch. */
  private double steps(FluxPipeline pipeline) {
    HostAdapter host = pipeline.adapterReader().read(folder.resolve("adapters/bench.safetensors"));
    double smallest = Double.NaN;
    for (Sheet sheet : sheets) {
      progress.accept("steps over " + sheet.tokens() + " tokens");
      Times times = pipeline.measure(host, sheet.columns() * TOKEN, sheet.rows() * TOKEN, rounds);
      record(sheet.tokens(), times);
      smallest = Double.isNaN(smallest) ? times.branch() : smallest;
    }
    return smallest;
  }

  private void record(int tokens, Times times) {
    String name = "step_" + tokens + "_tokens_";
    figures.put(name + "no_adapter_seconds", times.bare());
    figures.put(name + "branch_seconds", times.branch());
    figures.put(name + "merged_seconds", times.merged());
    figures.put("branch_overhead_" + tokens + "_tokens", times.branch() / times.merged() - 1);
    double steps = times.costs().stepsToPay();
    if (Double.isFinite(steps)) {
      figures.put("merging_pays_from_steps_" + tokens + "_tokens", steps);
      figures.put("merging_pays_from_jobs_" + tokens + "_tokens", Math.ceil(steps / JOB_STEPS));
    } else {
      progress.accept("no overhead of a branch was measured at " + tokens + " tokens");
    }
  }

  private interface Making {
    /** Returns what frees it. */
    Runnable make();
  }

  private static double closing(Making making) {
    Runnable[] made = new Runnable[1];
    double seconds = seconds(() -> made[0] = making.make());
    made[0].run();
    return seconds;
  }

  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The first one is a warm-up. */
  private static double median(DoubleSupplier seconds) {
    return Quantiles.median(DoubleStream.generate(seconds).limit(SWAPS + 1).skip(1).toArray());
  }
}
