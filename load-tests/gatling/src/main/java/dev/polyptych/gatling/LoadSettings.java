package dev.polyptych.gatling;

import java.net.URI;
import java.time.Duration;

/**
 * Settings of a run. Gatling creates its simulation itself, so they are passed as system
 * properties.
 *
 * @param jobsPerSecond mean rate of arrivals
 * @param acceptLimit for the 99th percentile of submissions
 * @param waitLimit for the 95th percentile of waits for the first step
 */
record LoadSettings(
    URI dispatcher,
    double jobsPerSecond,
    Duration duration,
    Duration acceptLimit,
    Duration waitLimit) {
  private static final String PREFIX = "polyptych.load.";

  void publish() {
    System.setProperty(PREFIX + "dispatcher", dispatcher.toString());
    System.setProperty(PREFIX + "jobsPerSecond", String.valueOf(jobsPerSecond));
    System.setProperty(PREFIX + "duration", duration.toString());
    System.setProperty(PREFIX + "acceptLimit", acceptLimit.toString());
    System.setProperty(PREFIX + "waitLimit", waitLimit.toString());
  }

  static LoadSettings published() {
    return new LoadSettings(
        URI.create(System.getProperty(PREFIX + "dispatcher")),
        Double.parseDouble(System.getProperty(PREFIX + "jobsPerSecond")),
        Duration.parse(System.getProperty(PREFIX + "duration")),
        Duration.parse(System.getProperty(PREFIX + "acceptLimit")),
        Duration.parse(System.getProperty(PREFIX + "waitLimit")));
  }
}
