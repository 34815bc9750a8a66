package dev.polyptych.gatling;

import dev.polyptych.client.DispatcherClient;
import io.gatling.app.Gatling$;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Measures the capacity of the cluster, then runs a share of it as load and checks thresholds. */
public final class LoadRun {
  private static final Duration MEASURED = Duration.ofSeconds(30);
  private static final Duration ACCEPT_LIMIT = Duration.ofMillis(500);

  /**
   * In durations of a job. With one server, a load of 0.8 and a quarter of it in batches of 5, a
   * job waits for 4 jobs on average (compound Poisson arrivals, equal jobs) and for about 13 at the
   * 95th percentile.
   */
  private static final double WAIT_LIMIT_JOBS = 20;

  private static final int GATLING_MET = 0;
  private static final int GATLING_MISSED = 2;

  private final Path results;
  private final Duration measured;

  /**
   * @param results folder for Gatling's log and the report
   * @param measured duration of the capacity measurement
   */
  LoadRun(Path results, Duration measured) {
    this.results = results;
    this.measured = measured;
  }

  /**
   * Arguments: {@code MINUTES SHARE RESULTS [URL]}. Without a URL it starts {@code ./polyptych up}.
   * Exit status: 0 if all thresholds are met, otherwise 1.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 3 || arguments.length > 4) {
      System.err.println("wants MINUTES SHARE RESULTS [URL], for example 10 0.8 target/gatling");
      System.exit(2);
    }
    Duration duration = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[0])));
    double share = Double.parseDouble(arguments[1]);
    LoadRun run = new LoadRun(Path.of(arguments[2]), MEASURED);
    boolean met;
    if (arguments.length == 4 && !arguments[3].isEmpty()) {
      met = run.at(URI.create(arguments[3]), share, duration);
    } else {
      try (RunningCluster cluster = RunningCluster.start(List.of("./polyptych"))) {
        met = run.at(cluster.dispatcher(), share, duration);
      }
    }
    System.exit(met ? 0 : 1);
  }

  /**
   * Runs the load and writes {@code load.md}.
   *
   * @param share of the capacity
   * @return whether all thresholds were met
   */
  boolean at(URI dispatcher, double share, Duration duration)
      throws IOException, InterruptedException {
    double capacity;
    try (DispatcherClient client = new DispatcherClient(dispatcher)) {
      capacity = Capacity.jobsPerSecond(client, measured);
    }
    Duration waitLimit = Duration.ofMillis(Math.round(1000 * WAIT_LIMIT_JOBS / capacity));
    LoadSettings settings =
        new LoadSettings(dispatcher, share * capacity, duration, ACCEPT_LIMIT, waitLimit);
    boolean met = load(settings);
    String report = LoadReport.read(results).markdown(settings, capacity, met);
    Files.writeString(results.resolve("load.md"), report);
    System.out.println(report);
    return met;
  }

  /** Gatling's HTML report needs a library that is not free software. */
  boolean load(LoadSettings settings) throws IOException {
    settings.publish();
    Files.createDirectories(results);
    int status =
        Gatling$.MODULE$.fromArgs(
            new String[] {
              "--simulation", PanelSetLoad.class.getName(),
              "--results-folder", results.toString(),
              "--no-reports"
            });
    if (status != GATLING_MET && status != GATLING_MISSED) {
      throw new IOException("Gatling ended with " + status);
    }
    return status == GATLING_MET;
  }
}
