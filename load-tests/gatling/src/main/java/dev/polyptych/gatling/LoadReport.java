package dev.polyptych.gatling;

import io.gatling.charts.stats.GeneralStats;
import io.gatling.charts.stats.LogFileData;
import io.gatling.charts.stats.LogFileReader;
import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.Status;
import io.gatling.core.config.GatlingConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import scala.Option;

/** A report of Gatling's log as Markdown. Times in milliseconds. */
final class LoadReport {
  /** In the order of a caller's calls. */
  private static final List<String> CALLS =
      List.of(
          PanelSetLoad.SUBMIT,
          "submit again",
          "batch of " + ExampleRequests.BATCH,
          "status",
          "events",
          PanelSetLoad.FIRST_STEP,
          "done",
          "panel",
          "panel again");

  private final LogFileData log;

  private LoadReport(LogFileData log) {
    this.log = log;
  }

  /**
   * Reads the only run in the folder.
   *
   * @throws IOException if there is none
   */
  static LoadReport read(Path results) throws IOException {
    try (var runs = Files.list(results)) {
      String run =
          runs.filter(folder -> Files.exists(folder.resolve("simulation.log")))
              .map(folder -> folder.getFileName().toString())
              .max(String::compareTo)
              .orElseThrow(() -> new IOException("no run of Gatling in " + results));
      GatlingConfiguration settings = GatlingConfiguration.load();
      return new LoadReport(LogFileReader.apply(run, results, settings).read());
    }
  }

  /** A table of all calls, with a line about the run and its thresholds. */
  String markdown(LoadSettings settings, double capacity, boolean met) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d processors; capacity %.2f jobs/s; %.2f jobs/s (%.0f %%) for %d s; thresholds %s:"
                + " no error, p99 of submit at most %d ms, p95 of first step at most %d ms%n%n",
            Runtime.getRuntime().availableProcessors(),
            capacity,
            settings.jobsPerSecond(),
            100 * settings.jobsPerSecond() / capacity,
            settings.duration().toSeconds(),
            met ? "met" : "missed",
            settings.acceptLimit().toMillis(),
            settings.waitLimit().toMillis()));
    text.append(
        """
        | call | number | errors | p50, ms | p95 | p99 | longest |
        |---|---|---|---|---|---|---|
        """);
    CALLS.forEach(call -> text.append(line(call)));
    return text.toString();
  }

  private String line(String call) {
    Option<GeneralStats> all = stats(call, Option.empty());
    if (all.isEmpty()) {
      return "";
    }
    GeneralStats calls = all.get();
    long errors =
        stats(call, Option.apply(KO$.MODULE$)).map(GeneralStats::count).getOrElse(() -> 0L);
    return "| %s | %d | %d | %s | %s | %s | %d |\n"
        .formatted(
            call,
            calls.count(),
            errors,
            calls.percentile().apply(50.0),
            calls.percentile().apply(95.0),
            calls.percentile().apply(99.0),
            calls.max());
  }

  private Option<GeneralStats> stats(String call, Option<Status> status) {
    return log.requestGeneralStats(Option.apply(call), Option.empty(), status);
  }
}
