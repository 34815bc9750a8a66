package dev.polyptych.worker;

import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.flux.FluxPanelSetEngine;
import dev.polyptych.worker.startup.StartTimes;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: the render thread, the intake thread, and what goes with them. Joins the group
 * once its model is loaded. Safe for all threads.
 *
 * <p>A failure that no job can be blamed for stops it: nothing more is committed, so other workers
 * get its jobs.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** Together less than the 10 s in which a stopping worker must be gone. */
  private static final Duration RENDER_WAIT = Duration.ofSeconds(4);

  private static final Duration PUBLISH_WAIT = Duration.ofSeconds(1);
  private static final Duration INTAKE_WAIT = Duration.ofSeconds(3);

  private final WorkerParts parts;
  private final Thread render;
  private final Thread intake;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> ready;
  private final StartTimes times;
  private volatile Runnable joined = () -> {};
  private volatile Throwable bug;

  private Worker(
      WorkerConfig config,
      PanelSetEngine.Source source,
      OpenTelemetry telemetry,
      StartTimes times) {
    this.times = times;
    this.parts =
        new WorkerParts(
            config,
            source,
            telemetry.getTracer("dev.polyptych.worker"),
            new WorkerParts.Signals(this::join, this::fail));
    this.ready = parts.intake().joinedOnce().thenRun(() -> joined.run());
    this.render = Thread.ofPlatform().name("render").unstarted(guarded(parts.renderLoop()));
    this.intake = Thread.ofPlatform().name("intake").unstarted(guarded(parts.intake()));
  }

  /**
   * Starts with the engine and catalog that the settings name; see {@link #start(WorkerConfig,
   * PanelSetEngine.Source, OpenTelemetry)}.
   */
  public static Worker start(WorkerConfig config) {
    return start(config, OpenTelemetry.noop());
  }

  /** As {@link #start(WorkerConfig)}, and says where spans go. */
  public static Worker start(WorkerConfig config, OpenTelemetry telemetry) {
    return start(config, telemetry, StartTimes.fromNow());
  }

  /** As {@link #start(WorkerConfig, OpenTelemetry)}, and notes what its time goes into. */
  public static Worker start(WorkerConfig config, OpenTelemetry telemetry, StartTimes times) {
    return start(config, FluxPanelSetEngine.source(config.engine(), times), telemetry, times);
  }

  /** As {@link #start(WorkerConfig, PanelSetEngine.Source, OpenTelemetry)}; records no spans. */
  public static Worker start(WorkerConfig config, PanelSetEngine.Source source) {
    return start(config, source, OpenTelemetry.noop());
  }

  /**
   * Starts and returns at once; the model is loaded and the group joined in the background.
   *
   * @param source opens the engine, on the render thread
   * @param telemetry where spans go
   * @throws RuntimeException when the catalog can't be read or the management port is taken
   */
  public static Worker start(
      WorkerConfig config, PanelSetEngine.Source source, OpenTelemetry telemetry) {
    return start(config, source, telemetry, StartTimes.fromNow());
  }

  private static Worker start(
      WorkerConfig config,
      PanelSetEngine.Source source,
      OpenTelemetry telemetry,
      StartTimes times) {
    Worker worker = times.of("clients", () -> new Worker(config, source, telemetry, times));
    worker.parts.start();
    worker.render.start();
    return worker;
  }

  /**
   * Waits until the model is loaded and the group joined.
   *
   * @throws IllegalStateException when the worker could not start; its cause says why
   */
  public void awaitReady(Duration atMost) throws InterruptedException, TimeoutException {
    try {
      ready.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("the worker could not start", failed.getCause());
    }
  }

  /** Completes when it is ready; exceptionally when it could not start. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return parts.management().port();
  }

  /** The partitions it holds of each lane now. */
  public List<Integer> partitions() {
    return parts.intake().partitions();
  }

  /** Completes when the worker is closed; exceptionally when a bug or a broken model stopped it. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * Takes nothing more, hands the running job back at its next step, leaves the group. Done within
   * 10 s, whether Redis and the broker answer or not.
   */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      shutDown();
    } else {
      ended.exceptionally(alreadyTold -> null).join();
    }
  }

  private void shutDown() {
    try {
      parts.stopTaking();
      joined(render, RENDER_WAIT);
      parts.handovers().close();
      parts.publishing().drain(PUBLISH_WAIT);
      parts.intake().stop();
      startIntake();
      joined(intake, INTAKE_WAIT);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      parts.close();
      if (bug == null) {
        ended.complete(null);
      } else {
        ended.completeExceptionally(bug);
      }
    }
  }

  /** The model is loaded. */
  private void join() {
    joined = times.begin("join");
    startIntake();
  }

  /** The model is loaded, or never will be: an intake that is stopped before only closes up. */
  private synchronized void startIntake() {
    if (intake.getState() == Thread.State.NEW) {
      intake.start();
    }
  }

  private Runnable guarded(Runnable body) {
    return () -> {
      try {
        body.run();
      } catch (RuntimeException | Error unexpected) {
        fail(unexpected);
      }
    };
  }

  private void fail(Throwable unexpected) {
    LOG.error("the worker stops", unexpected);
    bug = unexpected;
    parts.unhealthy();
    parts.intake().joinedOnce().completeExceptionally(unexpected);
    // Of its own: the thread that failed is one of those that closing waits for.
    Thread.ofPlatform().name("stop").start(this::close);
  }

  private static void joined(Thread thread, Duration atMost) throws InterruptedException {
    if (!thread.join(atMost)) {
      LOG.warn("{} does not end in time and is left behind", thread.getName());
    }
  }
}
