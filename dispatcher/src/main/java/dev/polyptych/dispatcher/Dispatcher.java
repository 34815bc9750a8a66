package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.admission.TextCheck;
import dev.polyptych.dispatcher.callback.CallbackClient;
import dev.polyptych.dispatcher.callback.Deliveries;
import dev.polyptych.dispatcher.cluster.ClusterWatch;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.enqueue.KafkaLanes;
import dev.polyptych.dispatcher.enqueue.LaneConsumers;
import dev.polyptych.dispatcher.enqueue.LaneHeads;
import dev.polyptych.dispatcher.enqueue.LaneRecords;
import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.events.LiveEvents;
import dev.polyptych.dispatcher.health.BackendProbe;
import dev.polyptych.dispatcher.health.Readiness;
import dev.polyptych.dispatcher.health.StoreProbe;
import dev.polyptych.dispatcher.http.ApiVerticle;
import dev.polyptych.dispatcher.inbox.Forwarding;
import dev.polyptych.dispatcher.inbox.Inbox;
import dev.polyptych.dispatcher.metrics.CallbackMetrics;
import dev.polyptych.dispatcher.metrics.ClusterMetrics;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.metrics.InboxMetrics;
import dev.polyptych.dispatcher.metrics.QueueAgeMetrics;
import dev.polyptych.dispatcher.metrics.RoutingMetrics;
import dev.polyptych.dispatcher.metrics.StoreMemoryMetrics;
import dev.polyptych.dispatcher.metrics.SweepMetrics;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.registry.Bases;
import dev.polyptych.dispatcher.registry.Offers;
import dev.polyptych.dispatcher.registry.Registrations;
import dev.polyptych.dispatcher.registry.RegistryUpkeep;
import dev.polyptych.dispatcher.source.AdapterSources;
import dev.polyptych.dispatcher.source.SourceClient;
import dev.polyptych.dispatcher.sweep.ExpiredImages;
import dev.polyptych.dispatcher.sweep.LostStates;
import dev.polyptych.dispatcher.sweep.MissingRecords;
import dev.polyptych.dispatcher.sweep.Reconciler;
import dev.polyptych.dispatcher.sweep.Sweep;
import dev.polyptych.dispatcher.sweep.Sweeper;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.topic.DirectRules;
import dev.polyptych.store.Adoption;
import dev.polyptych.store.CallbackOutbox;
import dev.polyptych.store.ExpiringObjects;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.OpenJobs;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Reservations;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.SharedObjects;
import dev.polyptych.store.StoreContinuity;
import dev.polyptych.store.StoredRequests;
import dev.polyptych.store.WorkerDirectory;
import dev.polyptych.store.registry.AdapterSweep;
import dev.polyptych.store.registry.Registry;
import dev.polyptych.store.registry.RegistryWriter;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One dispatcher: the HTTP service and its management server, from start to close. */
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final ClosingStack parts = new ClosingStack();
  private final DispatcherConfig config;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final DispatcherMetrics metrics = new DispatcherMetrics(registry);
  private final TenantMetrics tenantMetrics = new TenantMetrics(registry);
  private final Clock clock = Clock.systemUTC();
  private final Tracer tracer;
  private volatile boolean open;
  private ApiVerticle api;
  private ManagementVerticle management;

  private Dispatcher(DispatcherConfig config, OpenTelemetry telemetry) {
    this.config = config;
    this.tracer = telemetry.getTracer("dev.polyptych.dispatcher");
  }

  /** As {@link #start(DispatcherConfig, OpenTelemetry)}; records no spans. */
  public static Dispatcher start(DispatcherConfig config) {
    return start(config, OpenTelemetry.noop());
  }

  /**
   * Starts, and returns when both ports listen. Broker and store need not answer yet.
   *
   * @param telemetry where spans go
   * @throws IllegalStateException when it can't start: a port is taken, Redis deletes jobs when it
   *     is full, or the object store is another cluster's
   */
  public static Dispatcher start(DispatcherConfig config, OpenTelemetry telemetry) {
    config.checkPorts();
    Dispatcher dispatcher = new Dispatcher(config, telemetry);
    try {
      dispatcher.wire();
    } catch (RuntimeException broken) {
      dispatcher.close();
      throw broken;
    }
    LOG.info("{}; API on port {}", config, dispatcher.port());
    return dispatcher;
  }

  /** The port of the API. */
  public int port() {
    return api.port();
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return management.port();
  }

  /** Finishes the requests in flight, then closes everything in reverse order. */
  @Override
  public void close() {
    open = false;
    parts.close();
  }

  private void wire() {
    JvmMetrics.builder().register(registry);
    TextCheck texts = parts.add(TextCheck.start(config.catalog()));
    tenantMetrics.expect(config.tenants().ids());
    StoreProbe storeProbe =
        new StoreProbe(
            parts.add(RedisConnection.probing(config.redis())), new StoreMemoryMetrics(registry));
    RedisConnection redis = parts.add(RedisConnection.open(config.redis(), storeProbe::answers));
    BackendProbe store = parts.add(new BackendProbe("store", storeProbe, metrics)).start();
    storeProbe
        .eviction()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
    Optional<SharedObjects> objects =
        config.objects().map(settings -> parts.add(SharedObjects.open(settings, redis)));
    Optional<Registry> register = objects.map(shared -> new Registry(shared, redis));
    Bases bases = new Bases(config.catalog(), config.partitions(), register);
    KafkaLanes lanes =
        parts.add(
            new KafkaLanes(
                config.bootstrapServers(), config.kafkaSecurity(), bases::partitions, tracer));
    WorkerDirectory workers = new WorkerDirectory(redis);
    ClusterWatch watch =
        new ClusterWatch(bases::look, workers::liveSeenBy, new ClusterMetrics(registry), clock);
    RoutingMetrics routing = new RoutingMetrics(registry);
    RoutesByBase routes = new RoutesByBase(config.catalog(), watch, routing, clock);
    routing.watch(config.catalog(), routes.of(config.catalog().model())::spread);
    LaneHeads heads = parts.add(new LaneHeads(consumers()));
    new QueueAgeMetrics(config.catalog(), clock).watch(registry, heads::oldest);
    parts.add(watch).start(heads.after(lanes::positions));
    BackendProbe broker = parts.add(new BackendProbe("broker", lanes::problem, metrics)).start();
    EventHub hub = new EventHub();
    Vertx vertx = Vertx.vertx();
    register.ifPresent(index -> parts.add(upkeep(index, objects.orElseThrow())).start());
    Offers offers = new Offers(bases, register);
    Servers servers = parts.add(new Servers(vertx));
    parts.add(new LiveEvents(redis, hub, deliveries(redis, vertx))).start();
    management =
        servers.deploy(
            new ManagementVerticle(
                new HttpServerOptions().setHost(config.bindHost()).setPort(config.managementPort()),
                () -> new Readiness(open, broker.up(), store.up()),
                registry));
    parts.add(sweeper(redis, workers, lanes, routes)).start();
    ApiParts apiParts =
        new ApiParts(
            config,
            texts,
            redis,
            images(objects, redis),
            references(objects, redis),
            offers,
            register.map(index -> registrations(bases, index, objects.orElseThrow(), vertx)),
            store::up,
            lanes,
            routes,
            hub,
            metrics,
            tenantMetrics,
            clock);
    parts.add(inbox(redis, offers, texts, lanes, routes, () -> broker.up() && store.up())).start();
    api = servers.deploy(apiParts.verticle(tracer));
    open = true;
  }

  private Optional<ResultObjects> images(Optional<SharedObjects> objects, RedisConnection redis) {
    objects.ifPresent(
        store -> parts.add(new ExpiredImages(new ExpiringObjects(store, redis), clock)).start());
    return objects.map(store -> new ResultObjects(store, redis, config.retention().results()));
  }

  private ReferenceStore references(Optional<SharedObjects> objects, RedisConnection redis) {
    return new ReferenceStore(
        redis, config.retention(), objects.map(shared -> shared), config.resultsInObjects(), clock);
  }

  /**
   * Returns a consumer of the ids of jobs that owe a callback. Without a secret it ignores them.
   */
  private Consumer<String> deliveries(RedisConnection redis, Vertx vertx) {
    if (config.callbacks().secrets().isEmpty()) {
      return job -> {};
    }
    Deliveries deliveries =
        Deliveries.of(
            new CallbackOutbox(redis),
            new JobStore(redis, config.retention()),
            timeout -> parts.add(new CallbackClient(vertx, timeout, clock)),
            config.callbacks(),
            clock,
            new CallbackMetrics(registry));
    parts.add(deliveries).start();
    return deliveries::due;
  }

  private RegistryUpkeep upkeep(Registry index, SharedObjects objects) {
    return new RegistryUpkeep(
        index, new AdapterSweep(objects, index, clock), config.retention().tombstones(), clock);
  }

  private Registrations registrations(
      Bases bases, Registry index, SharedObjects objects, Vertx vertx) {
    return new Registrations(
        bases,
        index,
        new RegistryWriter(objects, index, clock),
        new AdapterSources(
            config.sources(),
            parts.add(new SourceClient(vertx)),
            Path.of(System.getProperty("java.io.tmpdir"))));
  }

  private Inbox inbox(
      RedisConnection redis,
      Offers offers,
      TextCheck texts,
      KafkaLanes lanes,
      RoutesByBase routes,
      BooleanSupplier ready) {
    JobStore store = new JobStore(redis, config.retention());
    Forwarding forwarding =
        new Forwarding(
            offers,
            texts,
            new DirectRules(config.retention().tombstones()),
            store,
            new Adoption(redis, store, config.retention(), clock),
            routes,
            lanes,
            new InboxMetrics(registry),
            clock);
    return new Inbox(() -> consumers().ofInbox(config.assignor()), forwarding, ready);
  }

  private LaneConsumers consumers() {
    return new LaneConsumers(config.bootstrapServers(), config.kafkaSecurity());
  }

  private Sweeper sweeper(
      RedisConnection redis, WorkerDirectory workers, KafkaLanes lanes, RoutesByBase routes) {
    OpenJobs open = new OpenJobs(redis, config.retention());
    JobStore store = new JobStore(redis, config.retention());
    SweepMetrics sweeps = new SweepMetrics(registry);
    MissingRecords records =
        new MissingRecords(
            store, new StoredRequests(redis), new JobResolver(config.catalog()), routes, lanes);
    Reconciler reconciler = new Reconciler(open, workers, lanes::windows, records, sweeps);
    Sweep sweep = new Sweep(open, records, reconciler, config.sweepAfter(), clock, sweeps);
    LostStates lost =
        new LostStates(
            new StoreContinuity(redis),
            new Adoption(redis, store, config.retention(), clock),
            store,
            config.catalog(),
            lanes::windows,
            new LaneRecords(consumers()),
            sweeps,
            clock);
    return new Sweeper(lost, sweep, open, new Reservations(redis), lanes, clock);
  }
}
