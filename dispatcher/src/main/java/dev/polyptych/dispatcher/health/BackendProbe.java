package dev.polyptych.dispatcher.health;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.store.PeriodicTask;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks every two seconds, on its own virtual thread, whether one backend answers. */
public final class BackendProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackendProbe.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** The period while the backend is down, so that work resumes soon after it is back. */
  private static final Duration PERIOD_AWAY = Duration.ofMillis(500);

  private final String backend;
  private final Callable<Boolean> question;
  private final DispatcherMetrics metrics;
  private final PeriodicTask rounds;
  private volatile boolean up;

  /**
   * @param question blocks for a few seconds at most
   */
  public BackendProbe(String backend, Callable<Boolean> question, DispatcherMetrics metrics) {
    this.backend = backend;
    this.question = question;
    this.metrics = metrics;
    this.rounds = new PeriodicTask("probe-" + backend, PERIOD_AWAY, this::round);
  }

  /** Checks once and returns after the answer. Further checks run in the background. */
  public BackendProbe start() {
    ask();
    rounds.start();
    return this;
  }

  /** The latest answer. */
  public boolean up() {
    return up;
  }

  @Override
  public void close() {
    rounds.close();
  }

  private Duration round() {
    ask();
    return up ? PERIOD : PERIOD_AWAY;
  }

  private void ask() {
    boolean before = up;
    try {
      up = question.call();
    } catch (Exception unforeseen) {
      LOG.warn("the probe of the {} failed", backend, unforeseen);
      up = false;
    }
    if (before && !up) {
      LOG.warn("the {} does not answer", backend);
    } else if (up && !before) {
      LOG.info("the {} answers", backend);
    }
    metrics.backend(backend, up);
  }
}
