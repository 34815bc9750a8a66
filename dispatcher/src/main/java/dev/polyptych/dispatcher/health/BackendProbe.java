package dev.polyptych.dispatcher.health;

import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.store.PeriodicTask;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every second, on its own virtual thread, whether one backend can be used. Says once what
 * is wrong and what to do, and once that it works again.
 */
public final class BackendProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackendProbe.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** The period while the backend is down, so that work resumes soon after it is back. */
  private static final Duration PERIOD_AWAY = Duration.ofMillis(500);

  private final String backend;
  private final Look look;
  private final DispatcherMetrics metrics;
  private final PeriodicTask rounds;
  private volatile Optional<String> problem = Optional.of("it was not looked at yet");

  /** One look at a backend. Blocks for a few seconds at most. */
  public interface Look {
    /** What is wrong, and the remedy; the same text while the same is wrong. Empty: it works. */
    Optional<String> problem() throws InterruptedException;
  }

  public BackendProbe(String backend, Look look, DispatcherMetrics metrics) {
    this.backend = backend;
    this.look = look;
    this.metrics = metrics;
    this.rounds = new PeriodicTask("probe-" + backend, PERIOD_AWAY, this::round);
  }

  /** Checks once and returns after the answer. Further checks run in the background. */
  public BackendProbe start() {
    ask();
    rounds.start();
    return this;
  }

  /** Whether it worked at the latest look. */
  public boolean up() {
    return problem.isEmpty();
  }

  @Override
  public void close() {
    rounds.close();
  }

  private Duration round() {
    ask();
    return up() ? PERIOD : PERIOD_AWAY;
  }

  private void ask() {
    Optional<String> before = problem;
    try {
      problem = look.problem();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException unforeseen) {
      LOG.debug("the probe of the {} failed", backend, unforeseen);
      problem = Optional.of("the probe of the " + backend + " failed: " + unforeseen);
    }
    if (!problem.equals(before)) {
      problem.ifPresentOrElse(LOG::warn, () -> LOG.info("the {} answers", backend));
    }
    metrics.backend(backend, up());
  }
}
