package dev.polyptych.lab.bench.startup;

import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.Quantiles;
import dev.polyptych.lab.bench.startup.Starter.MeasuredStart;
import dev.polyptych.schema.catalog.Task;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Starts real processes, the arms in turns, and reports the medians of the rounds. */
public final class StartupBench {
  private final StartupSetup setup;
  private final int rounds;
  private final Consumer<String> diagnostics;
  private final Map<String, List<MeasuredStart>> starts = new LinkedHashMap<>();

  public StartupBench(StartupSetup setup, int rounds, Consumer<String> diagnostics) {
    this.setup = setup;
    this.rounds = rounds;
    this.diagnostics = diagnostics;
  }

  /** Figures are called {@code <what>_<arm>_<figure>}. Ratios are medians of the rounds' ratios. */
  public Findings run() throws InterruptedException {
    try (Starter starter = new Starter(setup)) {
      for (int round = 1; round <= rounds; round++) {
        for (Map.Entry<String, List<String>> arm : setup.arms().entrySet()) {
          note("up_" + arm.getKey(), starter.up(arm.getValue()));
          note("worker_" + arm.getKey(), starter.worker(arm.getValue()));
        }
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String process : List.of("up", "worker")) {
      setup.arms().keySet().forEach(arm -> medians(process + "_" + arm, figures));
      ratios(process, figures);
    }
    return new Findings(figures, List.of());
  }

  private void note(String name, MeasuredStart start) {
    starts.computeIfAbsent(name, first -> new ArrayList<>()).add(start);
    diagnostics.accept(
        "%-16s ready after %.2f s (%.2f s of processor time), first step after %.2f s"
            .formatted(
                name, start.readySeconds(), start.processorSeconds(), start.firstStepSeconds()));
  }

  private void medians(String name, Map<String, Double> figures) {
    List<MeasuredStart> all = starts.get(name);
    figures.put(name + "_ready_seconds", Quantiles.median(all, MeasuredStart::readySeconds));
    figures.put(
        name + "_ready_processor_seconds", Quantiles.median(all, MeasuredStart::processorSeconds));
    figures.put(
        name + "_first_step_seconds", Quantiles.median(all, MeasuredStart::firstStepSeconds));
    Set<String> parts = new TreeSet<>();
    all.forEach(start -> parts.addAll(start.parts().keySet()));
    for (String part : parts) {
      figures.put(
          name + "_part_" + part + "_seconds",
          Quantiles.median(all, start -> start.parts().getOrDefault(part, Double.NaN)));
    }
  }

  private void ratios(String process, Map<String, Double> figures) {
    List<String> arms = List.copyOf(setup.arms().keySet());
    for (String arm : arms.subList(1, arms.size())) {
      List<MeasuredStart> ours = starts.get(process + "_" + arm);
      List<MeasuredStart> first = starts.get(process + "_" + arms.getFirst());
      String name = "%s_%s_to_%s_".formatted(process, arm, arms.getFirst());
      figures.put(name + "ready_ratio", ratio(ours, first, MeasuredStart::readySeconds));
      figures.put(name + "processor_ratio", ratio(ours, first, MeasuredStart::processorSeconds));
      figures.put(name + "first_step_ratio", ratio(ours, first, MeasuredStart::firstStepSeconds));
    }
  }

  private static double ratio(
      List<MeasuredStart> ours, List<MeasuredStart> first, ToDoubleFunction<MeasuredStart> of) {
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = of.applyAsDouble(ours.get(i)) / of.applyAsDouble(first.get(i));
    }
    return Quantiles.median(ratios);
  }

  /**
   * The setup of the bench.
   *
   * @param folder for logs and data
   * @param arms name to the command line before {@code up} or {@code worker}; the others are
   *     compared with the first
   * @param task whose example is drawn
   */
  public record StartupSetup(
      Path folder, Map<String, List<String>> arms, Task task, Running running) {
    public StartupSetup {
      arms = new LinkedHashMap<>(arms);
    }

    /** A running dispatcher without workers, and its backends. */
    public record Running(URI dispatcher, String bootstrapServers, String redis) {}
  }
}
