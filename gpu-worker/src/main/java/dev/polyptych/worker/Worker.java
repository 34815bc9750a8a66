package dev.polyptych.worker;

import dev.polyptych.schema.config.HostNames;
import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.flux.FluxPanelSetEngine;
import dev.polyptych.worker.trace.StartTimes;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: the render thread, the intake thread, and their parts. Joins the group once its
 * model is loaded. Safe for all threads.
 *
 * <p>A failure that is not a job's stops the worker. It commits nothing more, so other workers get
 * its jobs.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** The waits add up to less than 10 s, the limit for a stopping worker. */
  private static final Duration RENDER_WAIT = Duration.ofSeconds(4);

  private static final Duration PUBLISH_WAIT = Duration.ofSeconds(1);
  private static final Duration INTAKE_WAIT = Duration.ofSeconds(3);

  /** A broker that is there lets a worker join within a second or two. */
  private static final Duration JOIN_WAIT = Duration.ofSeconds(10);

  private final WorkerParts parts;
  private final Thread render;
  private final Thread intake;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> ready;
  private final StartTimes times;
  private final String brokers;
  private volatile Runnable joined = () -> {};
  private volatile Throwable bug;

  /** What a worker needs besides its configuration. Everything has a default. */
  public static final class Setup {
    private final WorkerConfig config;
    private Optional<PanelSetEngine.Source> engine = Optional.empty();
    private OpenTelemetry telemetry = OpenTelemetry.noop();
    private StartTimes times = StartTimes.fromNow();

    private Setup(WorkerConfig config) {
      this.config = config;
    }

    /**
     * @param source opens the engine, on the render thread; by default the FLUX engine with the
     *     model of the configuration
     */
    public Setup engine(PanelSetEngine.Source source) {
      engine = Optional.of(source);
      return this;
    }

    /**
     * @param spans where spans go; by default nowhere
     */
    public Setup telemetry(OpenTelemetry spans) {
      telemetry = spans;
      return this;
    }

    /**
     * @param parts gets the duration of each part of the start
     */
    public Setup times(StartTimes parts) {
      times = parts;
      return this;
    }

    /**
     * Starts the worker and returns at once. It loads the model and joins the group in the
     * background.
     *
     * @throws RuntimeException when the management port is taken
     */
    public Worker start() {
      Worker worker = times.of("clients", () -> new Worker(this));
      worker.parts.start();
      worker.render.start();
      return worker;
    }

    private PanelSetEngine.Source source() {
      return engine.orElseGet(() -> FluxPanelSetEngine.source(config.engine(), times));
    }
  }

  private Worker(Setup setup) {
    this.times = setup.times;
    this.brokers = setup.config.connections().bootstrapServers();
    this.parts =
        new WorkerParts(
            setup.config,
            setup.source(),
            setup.telemetry.getTracer("dev.polyptych.worker"),
            this::join,
            this::fail);
    this.ready = parts.intake().joinedOnce().thenRun(() -> joined.run());
    this.render = Thread.ofPlatform().name("render").unstarted(guarded(parts.renderLoop()));
    this.intake = Thread.ofPlatform().name("intake").unstarted(guarded(parts.intake()));
  }

  /** Begins to set up a worker. */
  public static Setup with(WorkerConfig config) {
    return new Setup(config);
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

  /** Completes when the worker is ready; exceptionally when it could not start. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return parts.management().port();
  }

  /** The partitions of each lane that are assigned now. */
  public List<Integer> partitions() {
    return parts.intake().partitions();
  }

  /** Completes when the worker is closed; exceptionally when a bug or a broken model stopped it. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * Takes no more jobs, hands the running job back at its next step, leaves the group. Takes at
   * most 10 s, even without Redis and the broker.
   */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      shutDown();
    } else {
      ended.exceptionally(alreadyLogged -> null).join();
    }
  }

  private void shutDown() {
    try {
      parts.stopTaking();
      joined(render, RENDER_WAIT);
      parts.handovers().close();
      parts.outcomes().drain(PUBLISH_WAIT);
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

  /** Called once the model is loaded and its base accepts its weights. */
  private void join() {
    joined = times.begin("join");
    startIntake();
    var _ =
        parts
            .intake()
            .joinedOnce()
            .copy()
            .orTimeout(JOIN_WAIT.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(this::notJoined);
  }

  /** Once: Kafka's clients try again by themselves, with a pause that grows to a second. */
  private Void notJoined(Throwable why) {
    if (why instanceof TimeoutException && !closing.get()) {
      LOG.warn(
          "Kafka at {} has not let this worker join in {} s{}: start it, or name another one in the"
              + " setting bootstrapServers",
          brokers,
          JOIN_WAIT.toSeconds(),
          HostNames.unknown(brokers));
    }
    return null;
  }

  /** Called when the model is loaded, and when the worker stops. A stopped intake only closes. */
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
    // On its own thread: closing waits for the thread that failed.
    Thread.ofPlatform().name("stop").start(this::close);
  }

  private static void joined(Thread thread, Duration atMost) throws InterruptedException {
    if (!thread.join(atMost)) {
      LOG.warn("thread {} does not end in time, closing goes on without it", thread.getName());
    }
  }
}
