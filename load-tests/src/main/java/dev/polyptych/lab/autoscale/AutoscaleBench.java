package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.autoscale.ScalingOutcome.Figure;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.BenchReport.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Compares our scaling signal with other signals and judges it. */
public final class AutoscaleBench {
  /** A fleet that changes direction more often than this flaps. */
  private static final double REVERSALS_AN_HOUR = 2;

  /** The largest share of GPU-seconds that may be drawn twice because jobs were stopped. */
  private static final double TWICE_SHARE = 0.001;

  private final List<ScalingTrial> trials;

  AutoscaleBench(List<ScalingTrial> trials) {
    this.trials = List.copyOf(trials);
  }

  /**
   * Simulates all arms under all demands with several seeds each.
   *
   * @param scaling a KEDA ScaledObject to try instead of the deployed one
   * @param progress receives a line when a trial is done
   * @throws IllegalArgumentException if a manifest contains something that the simulation does not
   *     know
   */
  public static AutoscaleBench run(Optional<Path> scaling, Consumer<String> progress)
      throws IOException {
    Deployed deployed = scaling.isPresent() ? Deployed.read(scaling.get()) : Deployed.read();
    Map<String, AutoscaleArm> arms = AutoscaleArm.all(deployed);
    return new AutoscaleBench(
        Arrays.stream(Demand.values())
            .flatMap(
                demand ->
                    arms.keySet().stream().map(arm -> new ScalingTrial(demand, arm, List.of())))
            .parallel()
            .map(trial -> trial(trial, arms, deployed, progress))
            .toList());
  }

  private static ScalingTrial trial(
      ScalingTrial planned,
      Map<String, AutoscaleArm> arms,
      Deployed deployed,
      Consumer<String> progress) {
    ScalingTrial trial =
        ScalingTrial.run(planned.demand(), planned.arm(), arms.get(planned.arm()), deployed);
    progress.accept(trial.line());
    return trial;
  }

  /** Figures are means over all seeds. Aims judge the demand that is worst for our arm. */
  public BenchReport report() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (ScalingTrial trial : trials) {
      String name = (trial.demand().text() + " " + trial.arm()).replaceAll("[ -]", "_");
      for (Figure figure : Figure.values()) {
        figures.put(name + "_" + figure.key(), trial.mean(figure));
      }
      if (trial.demand() == Demand.NIGHT) {
        figures.put(name + "_first_wait_seconds", trial.meanFirstWait());
      }
    }
    List<ScalingTrial> ours =
        trials.stream().filter(trial -> trial.arm().equals(AutoscaleArm.OURS)).toList();
    double reversals = ours.stream().mapToDouble(ScalingTrial::reversalsAnHour).max().orElseThrow();
    double twice = ours.stream().mapToDouble(ScalingTrial::twiceShare).max().orElseThrow();
    return BenchReport.of(
        "autoscale",
        new Findings(
            figures,
            List.of(
                Aim.atMost("reversals_an_hour_most", REVERSALS_AN_HOUR, reversals),
                Aim.atMost("drawn_twice_share_most", TWICE_SHARE, twice))));
  }

  /** Writes {@code autoscale.json}, {@code autoscale.md} and plots. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("autoscale.json"), report().json() + "\n");
    Files.writeString(folder.resolve("autoscale.md"), markdown(trials));
    AutoscalePlots.write(trials, folder);
  }

  /** A table for each demand, a line for each arm. */
  private static String markdown(List<ScalingTrial> trials) {
    StringBuilder text = new StringBuilder();
    for (Demand demand : Demand.values()) {
      text.append("### ").append(demand.text()).append("\n\n| arm | ");
      text.append(
          Arrays.stream(Figure.values()).map(Figure::title).collect(Collectors.joining(" | ")));
      text.append(demand == Demand.NIGHT ? " | first of the morning, s |\n" : " |\n");
      int columns = Figure.values().length + (demand == Demand.NIGHT ? 2 : 1);
      text.append('|').append("---|".repeat(columns)).append('\n');
      trials.stream()
          .filter(trial -> trial.demand() == demand)
          .forEach(trial -> text.append(line(trial)));
      text.append('\n');
    }
    return text.toString();
  }

  private static String line(ScalingTrial trial) {
    String figures =
        Arrays.stream(Figure.values())
            .map(figure -> figure.text(trial.mean(figure)))
            .collect(Collectors.joining(" | "));
    String first =
        trial.demand() == Demand.NIGHT
            ? " | " + Figure.P95_WAIT_SECONDS.text(trial.meanFirstWait())
            : "";
    return "| " + trial.arm() + " | " + figures + first + " |\n";
  }
}
