package dev.polyptych.worker;

import dev.polyptych.policy.schedule.Schedule;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.WorkerDirectory;
import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.handover.Handovers;
import dev.polyptych.worker.intake.ConsumerSettings;
import dev.polyptych.worker.intake.Intake;
import dev.polyptych.worker.intake.OffsetLedger;
import dev.polyptych.worker.intake.RecordReader;
import dev.polyptych.worker.metrics.AffinityMetrics;
import dev.polyptych.worker.metrics.HandoverMetrics;
import dev.polyptych.worker.metrics.IntakeMetrics;
import dev.polyptych.worker.metrics.ManagementServer;
import dev.polyptych.worker.metrics.PublishMetrics;
import dev.polyptych.worker.metrics.RenderMetrics;
import dev.polyptych.worker.metrics.WaitingMetrics;
import dev.polyptych.worker.publish.Heartbeat;
import dev.polyptych.worker.publish.Publishing;
import dev.polyptych.worker.publish.RecordProducer;
import dev.polyptych.worker.receipt.Receipts;
import dev.polyptych.worker.render.LocalQueue;
import dev.polyptych.worker.render.PanelSetEngine;
import dev.polyptych.worker.render.RenderLoop;
import dev.polyptych.worker.scalein.DeletionCost;
import dev.polyptych.worker.trace.JobSpans;
import io.opentelemetry.api.trace.Tracer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one worker, wired by hand in the order in which a job walks through them. */
final class WorkerParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerParts.class);

  private final Clock clock = Clock.systemUTC();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final WorkerConfig config;
  private final Catalog catalog;
  private final ManagementServer management;
  private final RedisConnection redis;
  private final RecordProducer producer;
  private final LocalQueue room;
  private final Publishing publishing;
  private final RenderLoop renderLoop;
  private final Intake intake;
  private final Heartbeat heartbeat;
  private final Optional<DeletionCost> deletionCost;
  private final Handovers handovers;
  private final Presence presence;
  private final JobSpans spans;
  private volatile boolean healthy = true;

  /** What the parts tell the worker. */
  record Signals(Runnable onLoaded, Consumer<Throwable> onBug) {}

  WorkerParts(WorkerConfig config, PanelSetEngine.Source source, Tracer tracer, Signals signals) {
    this.config = config;
    this.spans = new JobSpans(tracer);
    this.catalog = config.engine().catalog();
    JvmMetrics.builder().register(registry);
    OffsetLedger ledger = new OffsetLedger();
    this.redis = RedisConnection.open(config.connections().redis());
    this.producer = RecordProducer.connect(config.connections(), config.workerId());
    this.room = new LocalQueue(ledger, clock);
    JobStore store = new JobStore(redis, config.retention());
    this.publishing = publishing(store, signals);
    this.presence = new Presence(config.workerId(), catalog.model(), clock.instant());
    this.renderLoop = renderLoop(source, store, signals);
    this.intake = intake(ledger);
    this.heartbeat = heartbeat();
    this.deletionCost = deletionCost();
    this.handovers = handovers(store, signals);
    watchWaiting();
    // Last: its thread would keep a process up whose other parts can't be made.
    this.management =
        ManagementServer.start(
            config.managementPort(),
            new ManagementServer.Health(() -> healthy, this::ready),
            registry);
  }

  Intake intake() {
    return intake;
  }

  RenderLoop renderLoop() {
    return renderLoop;
  }

  Publishing publishing() {
    return publishing;
  }

  Handovers handovers() {
    return handovers;
  }

  void start() {
    heartbeat.start();
    deletionCost.ifPresent(DeletionCost::start);
    handovers.start();
  }

  ManagementServer management() {
    return management;
  }

  void unhealthy() {
    healthy = false;
  }

  void stopTaking() {
    intake.stopTaking();
    publishing.stopWaiting();
    room.close();
  }

  @Override
  public void close() {
    deletionCost.ifPresent(DeletionCost::close);
    heartbeat.close();
    producer.close();
    redis.close();
    management.close();
  }

  private boolean ready() {
    return healthy && intake.joined();
  }

  private Publishing publishing(JobStore store, Signals signals) {
    return new Publishing(
        new Publishing.Backends(
            store,
            producer,
            config.queue().retryBackoff(),
            new Receipts(config.workerId(), catalog),
            spans),
        room,
        new PublishMetrics(registry).expecting(catalog.taskIds()),
        clock,
        signals.onBug());
  }

  private RenderLoop renderLoop(PanelSetEngine.Source source, JobStore store, Signals signals) {
    RenderMetrics metrics = new RenderMetrics(registry).expecting(RenderLoop.OUTCOMES);
    return new RenderLoop(
        source,
        room,
        new Schedule(config.queue().rules()),
        desk(store, metrics),
        identity -> {
          metrics.loaded(identity.model(), identity.device(), identity.computeType());
          presence.loaded(identity);
          LOG.atInfo()
              .addKeyValue("worker", config.workerId())
              .log(
                  "draws with {} on {} in {}: {}",
                  identity.model(),
                  identity.device(),
                  identity.computeType(),
                  catalog.note());
          signals.onLoaded().run();
        });
  }

  private RenderLoop.Desk desk(JobStore store, RenderMetrics metrics) {
    return new RenderLoop.Desk(
        config.workerId(),
        store,
        new ReferenceStore(redis, config.retention()),
        publishing.aftermath(),
        metrics,
        new AffinityMetrics(registry, clock).expecting(catalog.taskIds()),
        spans,
        clock,
        config.checkpointEvery());
  }

  private void watchWaiting() {
    new WaitingMetrics(
        registry, this::waitingJobs, () -> renderLoop.load().outstandingSeconds(), clock);
  }

  private List<WaitingMetrics.Job> waitingJobs() {
    return room.waiting().stream()
        .map(
            waiting ->
                new WaitingMetrics.Job(
                    waiting.lane(), waiting.job().task(), waiting.adapter(), waiting.arrivedAt()))
        .toList();
  }

  private Heartbeat heartbeat() {
    return new Heartbeat(new WorkerDirectory(redis), config.workerId(), this::present);
  }

  private WorkerHeartbeat present() {
    return presence.now(renderLoop, room.waiting().size(), intake.partitions());
  }

  private Optional<DeletionCost> deletionCost() {
    WorkerDirectory directory = new WorkerDirectory(redis);
    return DeletionCost.inCluster(
        config.workerId(), new DeletionCost.Workers(this::present, directory::live), clock);
  }

  private Handovers handovers(JobStore store, Signals signals) {
    return new Handovers(
        new Handovers.Desk(
            config.workerId(),
            new WorkerDirectory(redis),
            store,
            producer,
            new HandoverMetrics(registry),
            clock),
        room,
        renderLoop,
        signals.onBug());
  }

  private RecordReader recordReader() {
    return new RecordReader(
        new JobResolver(catalog), new DirectRules(config.retention().tombstones()), clock);
  }

  private Intake intake(OffsetLedger ledger) {
    return new Intake(
        ConsumerSettings.consumer(config.connections(), config.workerId()),
        ledger,
        new Intake.Destinations(recordReader(), room, publishing.deadLetters()),
        new Intake.Limits(config.queue().capacity(), config.queue().revokeWait()),
        new IntakeMetrics(registry));
  }
}
