package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.admission.TextCheck;
import dev.polyptych.dispatcher.callback.CallbackGate;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.enqueue.JobSubmission;
import dev.polyptych.dispatcher.enqueue.LaneWriter;
import dev.polyptych.dispatcher.enqueue.SubmissionIntake;
import dev.polyptych.dispatcher.estimate.Estimates;
import dev.polyptych.dispatcher.estimate.Why;
import dev.polyptych.dispatcher.events.EventArchive;
import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.http.AdapterOperations;
import dev.polyptych.dispatcher.http.ApiOperation;
import dev.polyptych.dispatcher.http.ApiRouter;
import dev.polyptych.dispatcher.http.ApiVerticle;
import dev.polyptych.dispatcher.http.BatchEvents;
import dev.polyptych.dispatcher.http.BoundedCalls;
import dev.polyptych.dispatcher.http.CallbackOperations;
import dev.polyptych.dispatcher.http.CancelJobs;
import dev.polyptych.dispatcher.http.EventStreams;
import dev.polyptych.dispatcher.http.Gate;
import dev.polyptych.dispatcher.http.HeldBatches;
import dev.polyptych.dispatcher.http.JobBody;
import dev.polyptych.dispatcher.http.JobLookup;
import dev.polyptych.dispatcher.http.ListWorkers;
import dev.polyptych.dispatcher.http.PutReference;
import dev.polyptych.dispatcher.http.ReadArchive;
import dev.polyptych.dispatcher.http.ReadBatches;
import dev.polyptych.dispatcher.http.ReadJobs;
import dev.polyptych.dispatcher.http.ReadResults;
import dev.polyptych.dispatcher.http.RerollPanel;
import dev.polyptych.dispatcher.http.SettleWaits;
import dev.polyptych.dispatcher.http.SubmissionAnswers;
import dev.polyptych.dispatcher.http.SubmitBatch;
import dev.polyptych.dispatcher.http.SubmitJob;
import dev.polyptych.dispatcher.http.TaskOperations;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.metrics.TenantMetrics;
import dev.polyptych.dispatcher.placement.PlacementReports;
import dev.polyptych.dispatcher.placement.RoutesByBase;
import dev.polyptych.dispatcher.registry.Offers;
import dev.polyptych.dispatcher.registry.Registrations;
import dev.polyptych.dispatcher.results.ImageShelf;
import dev.polyptych.dispatcher.results.ReceiptShelf;
import dev.polyptych.dispatcher.results.ReferenceUploads;
import dev.polyptych.dispatcher.results.Rerolls;
import dev.polyptych.dispatcher.tenant.Allowance;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.job.JobRequestReader;
import dev.polyptych.store.Batches;
import dev.polyptych.store.Callbacks;
import dev.polyptych.store.IdempotencyKeys;
import dev.polyptych.store.JobListing;
import dev.polyptych.store.JobResults;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.Reservations;
import dev.polyptych.store.ResultObjects;
import dev.polyptych.store.StoredRequests;
import dev.polyptych.store.Tombstones;
import dev.polyptych.store.WorkerDirectory;
import io.opentelemetry.api.trace.Tracer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Wires the operations of the API to their stores, lanes and settings. */
final class ApiParts {
  private final DispatcherConfig config;
  private final TextCheck texts;
  private final RedisConnection redis;
  private final Optional<ResultObjects> images;
  private final ReferenceStore references;
  private final Offers offers;
  private final Optional<Registrations> registry;
  private final BooleanSupplier storeUp;
  private final LaneWriter lanes;
  private final RoutesByBase routes;
  private final EventHub hub;
  private final DispatcherMetrics metrics;
  private final TenantMetrics tenantMetrics;
  private final Clock clock;
  private final JobStore jobs;
  private final JobListing listing;
  private final HeldBatches heldBatches = new HeldBatches();

  ApiParts(
      DispatcherConfig config,
      TextCheck texts,
      RedisConnection redis,
      Optional<ResultObjects> images,
      ReferenceStore references,
      Offers offers,
      Optional<Registrations> registry,
      BooleanSupplier storeUp,
      LaneWriter lanes,
      RoutesByBase routes,
      EventHub hub,
      DispatcherMetrics metrics,
      TenantMetrics tenantMetrics,
      Clock clock) {
    this.config = config;
    this.texts = texts;
    this.redis = redis;
    this.images = images;
    this.references = references;
    this.offers = offers;
    this.registry = registry;
    this.storeUp = storeUp;
    this.lanes = lanes;
    this.routes = routes;
    this.hub = hub;
    this.metrics = metrics;
    this.tenantMetrics = tenantMetrics;
    this.clock = clock;
    Retention retention = config.retention();
    this.jobs = new JobStore(redis, retention);
    this.listing = new JobListing(redis, retention, clock);
  }

  ApiVerticle verticle(Tracer tracer) {
    BoundedCalls eventReads = calls("event reads");
    SettleWaits waits = new SettleWaits(hub, jobs, eventReads);
    EventArchive archive = new EventArchive(jobs, new JobResults(redis));
    EventStreams streams = new EventStreams(hub, archive, eventReads, metrics);
    BatchEvents batchEvents =
        new BatchEvents(
            new Batches(redis, config.retention()), calls("batch event reads"), metrics);
    return new ApiVerticle(
        config.bindHost(),
        config.port(),
        new ApiRouter(new Gate(config.tenants()), metrics, tracer),
        operations(streams, batchEvents, waits),
        List.of(streams::endAll, batchEvents::endAll, waits::endAll, heldBatches::endAll));
  }

  /** Submissions, reads and event reads have separate bounds, so one kind can't starve another. */
  List<ApiOperation> operations(EventStreams streams, BatchEvents batchEvents, SettleWaits waits) {
    Estimates estimates = new Estimates(routes, clock);
    BoundedCalls reads = calls("reads");
    JobLookup lookup = new JobLookup(jobs, new Tombstones(redis), reads);
    return Stream.of(
            submissions(estimates, waits),
            new CancelJobs(jobs, listing, reads, metrics).operations(),
            new ReadJobs(lookup, listing, offers, estimates, new Why(routes, clock), reads)
                .operations(),
            new ReadBatches(new Batches(redis, config.retention()), reads).operations(),
            streams.operations(),
            batchEvents.operations(),
            results(reads),
            new CallbackOperations(new Callbacks(redis, config.retention(), clock), lookup, reads)
                .operations(),
            new TaskOperations(offers, registry, new PlacementReports(routes), reads).operations(),
            new AdapterOperations(
                    registry, routes, calls("registrations"), config.sources().mostBytes())
                .operations(),
            new ListWorkers(
                    offers.bases(), registry, new WorkerDirectory(redis), listing, routes, reads)
                .operations())
        .flatMap(List::stream)
        .toList();
  }

  private List<ApiOperation> results(BoundedCalls reads) {
    BoundedCalls streams = calls("image reads");
    ReceiptShelf receipts = new ReceiptShelf(jobs, new JobResults(redis));
    return Stream.of(
            new ReadResults(images(), config.signedLinks(), receipts, reads, streams).operations(),
            new ReadArchive(jobs, images(), receipts, streams).operations())
        .flatMap(List::stream)
        .toList();
  }

  private List<ApiOperation> submissions(Estimates estimates, SettleWaits waits) {
    Admission admission = admission();
    SubmissionIntake intake = intake();
    JobBody body = new JobBody(config.bodyLimitBytes());
    SubmissionAnswers answers = new SubmissionAnswers(waits, metrics);
    Rerolls rerolls =
        new Rerolls(jobs, images(), new StoredRequests(redis), references, tenantMetrics);
    return Stream.of(
            new SubmitJob(body, admission, texts, intake, calls("submissions"), estimates, answers)
                .operations(),
            new SubmitBatch(
                    admission,
                    intake,
                    calls("batch lines"),
                    config.bodyLimitBytes(),
                    config.concurrentCalls(),
                    heldBatches,
                    metrics,
                    tenantMetrics)
                .operations(),
            new PutReference(
                    new ReferenceUploads(references, clock, tenantMetrics),
                    calls("reference uploads"))
                .operations(),
            new RerollPanel(body, rerolls, admission, intake, calls("re-rolls"), answers)
                .operations())
        .flatMap(List::stream)
        .toList();
  }

  private Admission admission() {
    SecureRandom random = new SecureRandom();
    CallbackGate callbacks =
        new CallbackGate(
            !config.callbacks().secrets().isEmpty(),
            new AddressGuard(config.callbacks().allowed()));
    return new Admission(
        offers::resolver,
        clock,
        () -> random.nextLong(JobRequestReader.MAX_SEED + 1),
        callbacks::problem);
  }

  private SubmissionIntake intake() {
    Allowance allowance = new Allowance(new Reservations(redis), config.laneJobs(), tenantMetrics);
    JobSubmission submissions =
        new JobSubmission(jobs, references, allowance, lanes, routes, metrics, clock);
    return new SubmissionIntake(
        texts, submissions, jobs, new IdempotencyKeys(redis, config.retention()), storeUp);
  }

  private ImageShelf images() {
    return new ImageShelf(jobs, new JobResults(redis), images);
  }

  private BoundedCalls calls(String kind) {
    return new BoundedCalls(kind, config.concurrentCalls());
  }
}
