package dev.polyptych.lab.autoscale;

import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Aim;
import dev.polyptych.lab.bench.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Compares what our fleet is scaled on with other signals, and judges it. */
public final class AutoscaleBench {
  /** A fleet that goes to and fro more often flaps. */
  private static final double REVERSALS_AN_HOUR = 2;

  /** Of the GPU-seconds drawn, since jobs were stopped. */
  private static final double TWICE_SHARE = 0.001;

  private final List<Trial> trials;

  AutoscaleBench(List<Trial> trials) {
    this.trials = List.copyOf(trials);
  }

  /**
   * Simulates all arms under all demands, some seeds each.
   *
   * @param scaling a KEDA ScaledObject to try in place of the deployed one
   * @param progress told each trial as it is done
   * @throws IllegalArgumentException when the simulation does not know what a manifest says
   */
  public static AutoscaleBench run(Optional<Path> scaling, Consumer<String> progress)
      throws IOException {
    Deployed deployed = scaling.isPresent() ? Deployed.read(scaling.get()) : Deployed.read();
    Map<String, AutoscaleArm> arms = AutoscaleArm.all(deployed);
    return new AutoscaleBench(
        Arrays.stream(Demand.values())
            .flatMap(demand -> arms.keySet().stream().map(arm -> new Trial(demand, arm, List.of())))
            .parallel()
            .map(trial -> trial(trial, arms, deployed, progress))
            .toList());
  }

  private static Trial trial(
      Trial planned, Map<String, AutoscaleArm> arms, Deployed deployed, Consumer<String> progress) {
    Trial trial = Trial.run(planned.demand(), planned.arm(), arms.get(planned.arm()), deployed);
    progress.accept(trial.line());
    return trial;
  }

  /** Figures are means of all seeds; aims judge our worst demand. */
  public BenchReport report() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Trial trial : trials) {
      String name = (trial.demand().text() + " " + trial.arm()).replaceAll("[ -]", "_");
      for (Figure figure : Figure.ALL) {
        figures.put(name + "_" + figure.key(), trial.mean(figure));
      }
      if (trial.demand() == Demand.NIGHT) {
        figures.put(name + "_first_wait_seconds", trial.meanFirstWait());
      }
    }
    List<Trial> ours =
        trials.stream().filter(trial -> trial.arm().equals(AutoscaleArm.OURS)).toList();
    double reversals = ours.stream().mapToDouble(Trial::reversalsAnHour).max().orElseThrow();
    double twice = ours.stream().mapToDouble(Trial::twiceShare).max().orElseThrow();
    return Findings.report(
        "autoscale",
        new Findings(
            figures,
            List.of(
                Aim.atMost("reversals_an_hour_most", REVERSALS_AN_HOUR, reversals),
                Aim.atMost("drawn_twice_share_most", TWICE_SHARE, twice))));
  }

  /** Leaves {@code autoscale.json}, {@code autoscale.md} and plots. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("autoscale.json"), report().json() + "\n");
    Files.writeString(folder.resolve("autoscale.md"), AutoscaleTable.markdown(trials));
    AutoscalePlots.write(trials, folder);
  }
}
