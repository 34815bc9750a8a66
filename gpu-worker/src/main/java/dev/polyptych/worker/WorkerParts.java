package dev.polyptych.worker;

import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.policy.schedule.Workload;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.schema.topic.Topics;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.WorkerDirectory;
import dev.polyptych.store.registry.Registry;
import dev.polyptych.weights.digest.ModelDigests;
import dev.polyptych.worker.adapter.AdapterFetcher;
import dev.polyptych.worker.adapter.AdapterStore;
import dev.polyptych.worker.config.AdapterSettings;
import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.fleet.BaseCheck;
import dev.polyptych.worker.fleet.DeletionCost;
import dev.polyptych.worker.fleet.Handovers;
import dev.polyptych.worker.fleet.Heartbeat;
import dev.polyptych.worker.fleet.PassingOn;
import dev.polyptych.worker.fleet.Presence;
import dev.polyptych.worker.fleet.StoreWatch;
import dev.polyptych.worker.fleet.WeightsCheck;
import dev.polyptych.worker.intake.ConsumerSettings;
import dev.polyptych.worker.intake.Intake;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.intake.OffsetLedger;
import dev.polyptych.worker.intake.RecordReader;
import dev.polyptych.worker.metrics.AffinityMetrics;
import dev.polyptych.worker.metrics.FetchMetrics;
import dev.polyptych.worker.metrics.HandoverMetrics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import dev.polyptych.worker.metrics.ManagementServer;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.metrics.WaitingMetrics;
import dev.polyptych.worker.publish.AttemptOutcomes;
import dev.polyptych.worker.publish.Receipts;
import dev.polyptych.worker.publish.RecordProducer;
import dev.polyptych.worker.publish.UnknownJobs;
import dev.polyptych.worker.render.AdapterFaults;
import dev.polyptych.worker.render.AdapterNeeds;
import dev.polyptych.worker.render.AttemptResults;
import dev.polyptych.worker.render.Attempts;
import dev.polyptych.worker.render.Claims;
import dev.polyptych.worker.render.DeviceWatch;
import dev.polyptych.worker.render.JobChoice;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.ReferencePictures;
import dev.polyptych.worker.render.RenderLoop;
import dev.polyptych.worker.render.RenderState;
import dev.polyptych.worker.render.SheetRenderer;
import dev.polyptych.worker.render.Swaps;
import dev.polyptych.worker.trace.JobSpans;
import io.opentelemetry.api.trace.Tracer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one worker, wired by hand in the order in which a job passes through them. */
final class WorkerParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerParts.class);

  private final Clock clock = Clock.systemUTC();
  private final Instant startedAt = clock.instant();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final OffsetLedger ledger = new OffsetLedger();
  private final LocalQueue queue = new LocalQueue(ledger, clock);
  private final Workload workload = new Workload();
  private final WorkerConfig config;
  private final Catalog catalog;
  private final AdapterStore adapterStore;
  private final AdapterFetcher fetcher;
  private final AdapterFaults faults;
  private final RenderState state;
  private final AdapterNeeds needs;
  private final PeriodicTask fetching;
  private final ReferencePictures references;
  private final PeriodicTask pictures;
  private final JobSpans spans;
  private final RedisConnection redis;
  private final Optional<SharedObjects> objects;
  private final JobStore store;
  private final PublishMetrics publishMetrics;
  private final UnknownJobs unknownJobs;
  private final WorkerDirectory directory;
  private final RecordProducer producer;
  private final AttemptOutcomes outcomes;
  private final Intake intake;
  private final WeightsCheck weightsCheck;
  private final Presence presence;
  private final RenderLoop renderLoop;
  private final Heartbeat heartbeat;
  private final Optional<DeletionCost> deletionCost;
  private final Handovers handovers;
  private final DeviceWatch deviceWatch;
  private final StoreWatch storeWatch;
  private final BaseCheck baseCheck;
  private final ManagementServer management;
  private volatile boolean healthy = true;

  /**
   * @param onAccepted called once the model is loaded and its base accepts its weights
   * @param onBug gets unexpected exceptions, on any thread
   */
  WorkerParts(
      WorkerConfig config,
      PanelSetEngine.Source source,
      Tracer tracer,
      Runnable onAccepted,
      Consumer<Throwable> onBug) {
    this.config = config;
    this.catalog = config.engine().catalog();
    this.spans = new JobSpans(tracer);
    JvmMetrics.builder().register(registry);
    this.redis = RedisConnection.open(config.connections().redis());
    this.objects = config.objects().map(settings -> SharedObjects.open(settings, redis));
    AdapterSettings limits = config.engine().adapters();
    this.adapterStore = new AdapterStore(limits.store(), limits.storeBytes(), clock);
    this.fetcher =
        new AdapterFetcher(
            adapterStore,
            objects.map(shared -> shared),
            new FetchMetrics(registry),
            clock,
            queue::lookAgain);
    this.faults =
        new AdapterFaults(catalog.tasks().stream().map(Task::adapter).toList(), fetcher, clock);
    this.state = new RenderState(workload, faults, queue, clock);
    this.needs = new AdapterNeeds(queue, state, faults, adapterStore, fetcher);
    this.fetching = new PeriodicTask("adapter-needs", Duration.ZERO, needs);
    this.references =
        new ReferencePictures(
            new ReferenceStore(
                redis,
                config.retention(),
                objects.map(shared -> shared),
                config.resultsInObjects(),
                clock),
            () -> objects.filter(SharedObjects::answers).isPresent(),
            queue::lookAgain);
    this.pictures = new PeriodicTask("reference-pictures", Duration.ZERO, references);
    this.store = new JobStore(redis, config.retention());
    this.publishMetrics = new PublishMetrics(registry).expecting(catalog.taskIds());
    this.unknownJobs =
        new UnknownJobs(
            store,
            new Adoption(redis, store, config.retention(), clock),
            new DirectRules(config.retention().tombstones()),
            config.workerId(),
            Claims.process(startedAt),
            publishMetrics,
            clock);
    this.directory = new WorkerDirectory(redis);
    this.producer = RecordProducer.connect(config.connections(), config.workerId());
    this.outcomes = makeOutcomes(onBug);
    this.intake = makeIntake();
    this.weightsCheck =
        new WeightsCheck(catalog.model(), this::acceptedWeights, this::weightsDigest, onAccepted);
    this.presence =
        new Presence(
            config.workerId(),
            catalog,
            startedAt,
            state,
            queue,
            intake::partitions,
            fetcher::fetching,
            weightsCheck::refused);
    this.heartbeat = new Heartbeat(directory, config.workerId(), presence::now);
    this.deviceWatch =
        new DeviceWatch(config.health().stuck(), (phase, after) -> stuck(phase, after, onBug));
    this.storeWatch =
        new StoreWatch(
            redis::answers, config.health().storeLoss(), intake::rest, intake::joinAgain);
    this.baseCheck = new BaseCheck(directory, catalog.model());
    this.renderLoop = makeRenderLoop(source);
    this.deletionCost =
        DeletionCost.inCluster(config.workerId(), presence::now, directory::live, clock);
    this.handovers = makeHandovers(onBug);
    watchWaiting();
    // Last: its thread would keep the process alive if another part could not be made.
    this.management =
        ManagementServer.start(
            new InetSocketAddress(config.bindHost(), config.managementPort()),
            new ManagementServer.Health(() -> healthy, this::ready),
            registry);
  }

  Intake intake() {
    return intake;
  }

  RenderLoop renderLoop() {
    return renderLoop;
  }

  AttemptOutcomes outcomes() {
    return outcomes;
  }

  Handovers handovers() {
    return handovers;
  }

  ManagementServer management() {
    return management;
  }

  void start() {
    heartbeat.start();
    deviceWatch.start();
    storeWatch.start();
    baseCheck.start();
    fetching.start();
    pictures.start();
    deletionCost.ifPresent(DeletionCost::start);
    handovers.start();
  }

  void unhealthy() {
    healthy = false;
  }

  void stopTaking() {
    intake.stopTaking();
    outcomes.stopWaiting();
    queue.close();
  }

  @Override
  public void close() {
    deviceWatch.close();
    storeWatch.close();
    baseCheck.close();
    weightsCheck.close();
    deletionCost.ifPresent(DeletionCost::close);
    fetching.close();
    pictures.close();
    fetcher.close();
    heartbeat.close();
    producer.close();
    objects.ifPresent(SharedObjects::close);
    redis.close();
    management.close();
  }

  private boolean ready() {
    return healthy && intake.joined() && !storeWatch.away();
  }

  /** Other workers get its jobs once it has left the group. */
  private void stuck(DeviceWatch.Phase phase, Duration after, Consumer<Throwable> onBug) {
    presence.stuck(phase.text());
    heartbeat.now();
    onBug.accept(
        new IllegalStateException(
            "phase %s has not ended for %d s".formatted(phase.text(), after.toSeconds())));
  }

  private Intake makeIntake() {
    return new Intake(
        ConsumerSettings.consumer(config.connections(), config.workerId()),
        Topics.lanes(catalog.model()),
        ledger,
        new RecordReader(catalog.model(), faults::of, clock),
        queue,
        outcomes::refused,
        new Intake.Limits(config.queue().capacity(), config.queue().revokeWait()),
        new IntakeMetrics(registry));
  }

  private RenderLoop makeRenderLoop(PanelSetEngine.Source source) {
    RenderMetrics metrics = new RenderMetrics(registry).expecting(RenderLoop.OUTCOMES);
    AffinityMetrics affinity = new AffinityMetrics(registry, clock).expecting(catalog.taskIds());
    JobChoice choice =
        new JobChoice(
            new Schedule(config.queue().rules()), queue, state, needs, references, workload, clock);
    Swaps swaps = new Swaps(workload, state, metrics, spans);
    SheetRenderer renderer =
        new SheetRenderer(references, swaps, faults, deviceWatch, workload, metrics, spans);
    AttemptResults results =
        new AttemptResults(choice, swaps, workload, state, outcomes, metrics, affinity, clock);
    Attempts attempts =
        new Attempts(
            store, queue, renderer, results, state, spans, clock, config.checkpointEvery());
    Claims claims =
        new Claims(
            config.workerId(),
            Claims.process(startedAt),
            store,
            unknownJobs,
            directory,
            queue,
            state::renderTime);
    return new RenderLoop(
        source,
        queue,
        choice,
        claims,
        attempts,
        outcomes,
        state,
        metrics,
        deviceWatch,
        identity -> {
          metrics.loaded(identity.model(), identity.device(), identity.computeType());
          loaded(identity);
          weightsCheck.start();
        });
  }

  private void loaded(PanelSetEngine.Identity identity) {
    presence.loaded(identity);
    LOG.atInfo()
        .addKeyValue("worker", config.workerId())
        .log(
            "draws with {} on {} in {}: {}",
            identity.model(),
            identity.device(),
            identity.computeType(),
            catalog.note());
  }

  /** Digests that the base's declaration lists; none where it accepts any. */
  private List<String> acceptedWeights() {
    return objects
        .flatMap(shared -> new Registry(shared, redis).view().base(catalog.model()))
        .map(version -> version.base().weights())
        .orElse(List.of());
  }

  private String weightsDigest() {
    return ModelDigests.cached(config.engine().model(), adapterStore.folder()).together();
  }

  private AttemptOutcomes makeOutcomes(Consumer<Throwable> onBug) {
    return new AttemptOutcomes(
        store,
        unknownJobs,
        objects
            .filter(shared -> config.resultsInObjects())
            .map(shared -> new ResultObjects(shared, redis, config.retention().results())),
        producer,
        queue,
        new Receipts(config.workerId(), catalog),
        config.queue().retryBackoff(),
        publishMetrics,
        spans,
        clock,
        onBug);
  }

  private Handovers makeHandovers(Consumer<Throwable> onBug) {
    HandoverMetrics metrics = new HandoverMetrics(registry);
    PassingOn passingOn =
        new PassingOn(
            config.workerId(),
            store,
            producer,
            queue,
            faults,
            outcomes,
            config.health().undrawable(),
            metrics,
            clock);
    return new Handovers(
        config.workerId(),
        catalog.model(),
        directory,
        store,
        producer,
        queue,
        state,
        passingOn,
        metrics,
        clock,
        onBug);
  }

  private void watchWaiting() {
    new WaitingMetrics(registry, this::waitingJobs, () -> state.load().outstandingSeconds(), clock);
  }

  private List<WaitingMetrics.Job> waitingJobs() {
    return queue.waiting().stream()
        .map(
            waiting ->
                new WaitingMetrics.Job(
                    waiting.lane(), waiting.job().task(), waiting.adapter(), waiting.arrivedAt()))
        .toList();
  }
}
