package dev.polyptych.lab.drill;

import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.lab.drill.DrillCluster.Stage;
import dev.polyptych.lab.drill.DrillRun.DrillSetup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Puts a mixed load on a cluster for a long time and samples what its processes hold. */
public final class SoakDrill {
  private static final int SAMPLES = 40;

  private final DrillSetup setup;
  private final Duration length;
  private final Consumer<String> progress;

  /**
   * @param setup its open jobs are the users of the load
   * @param length of the load; at least a minute
   */
  public SoakDrill(DrillSetup setup, Duration length, Consumer<String> progress) {
    this.setup = setup;
    this.length = length;
    this.progress = progress;
  }

  /**
   * @throws IOException if the backends do not answer at the end
   */
  public SoakReport run() throws IOException, InterruptedException {
    return DrillRun.onStage(
        setup,
        Optional.empty(),
        progress,
        (stage, audit) -> {
          List<SoakSample> samples = new ArrayList<>();
          try (SoakLoad load =
              new SoakLoad(
                  stage.api().dispatcher(),
                  stage.jobs().accepted(),
                  setup.tasks(),
                  setup.size().steps(),
                  progress)) {
            load.start(setup.size().openJobs());
            watch(stage, samples);
            progress.accept("the load ends; waiting until every job is settled");
            load.finish();
            AuditReport settled = audit.settled();
            SoakSample rest = SoakSample.of(stage, minutes(length));
            stage.cluster().complete();
            return new SoakReport(
                load.figures(), load.faults(), stage.cluster().ended(), samples, rest, settled);
          }
        });
  }

  private void watch(Stage stage, List<SoakSample> samples) throws InterruptedException {
    long begun = System.nanoTime();
    Duration every = length.dividedBy(SAMPLES);
    for (int look = 1; look <= SAMPLES; look++) {
      long next = begun + every.multipliedBy(look).toNanos();
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      SoakSample sample =
          SoakSample.of(stage, minutes(Duration.ofNanos(System.nanoTime() - begun)));
      samples.add(sample);
      progress.accept(
          "minute %.1f: %d keys, %d lasting, %d reservations, backlog %d, %s"
              .formatted(
                  sample.minute(),
                  sample.keys(),
                  sample.lastingKeys(),
                  sample.reservations(),
                  sample.backlog(),
                  memory(sample)));
    }
  }

  private static String memory(SoakSample sample) {
    return sample.processes().entrySet().stream()
        .map(use -> "%s %.0f MiB".formatted(use.getKey(), use.getValue().residentMib()))
        .collect(Collectors.joining(", "));
  }

  private static double minutes(Duration time) {
    return time.toMillis() / 60_000.0;
  }
}
