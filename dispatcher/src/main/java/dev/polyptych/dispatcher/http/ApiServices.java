package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.calls.BoundedCalls;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.enqueue.Intake;
import dev.polyptych.dispatcher.estimate.Outlook;
import dev.polyptych.dispatcher.events.EventArchive;
import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.results.ImageShelf;
import dev.polyptych.dispatcher.results.Pictures;
import dev.polyptych.dispatcher.results.ReceiptShelf;
import dev.polyptych.store.Callbacks;
import dev.polyptych.store.JobListing;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.Tombstones;
import dev.polyptych.store.WorkerDirectory;
import io.opentelemetry.api.trace.Tracer;
import java.util.List;

/** What the handlers work with; makes one handler for each operation of the contract. */
public record ApiServices(
    DispatcherConfig config,
    Admission admission,
    Intake intake,
    JobStore store,
    JobListing listing,
    Tombstones tombstones,
    Pictures pictures,
    WorkerDirectory workers,
    Outlook outlook,
    EventHub hub,
    DispatcherMetrics metrics,
    Callbacks callbacks,
    Tracer tracer) {

  EventStreams eventStreams() {
    LoopCalls reads = calls("event reads");
    SettleWaits waits = new SettleWaits(hub, store, reads);
    return new EventStreams(hub, new EventArchive(store), reads, waits, metrics);
  }

  /** Submissions, reads and event reads are bounded apart: one kind can't starve another. */
  List<OperationHandler> handlers(EventStreams streams) {
    LoopCalls reads = calls("reads");
    ImageShelf shelf = new ImageShelf(store);
    CallbackFinder finder = new CallbackFinder(store, tombstones);
    JobBody body = new JobBody(config.bodyLimitBytes());
    Submitter submitter = new Submitter(intake, calls("submissions"), streams.waits(), metrics);
    DryRuns dryRuns = new DryRuns(outlook.estimates());
    JobLookup lookup = new JobLookup(store, tombstones, reads);
    return List.of(
        new SubmitJob(body, admission, submitter, dryRuns),
        submitBatch(body.limitBytes()),
        new CancelBatch(store, listing, reads, metrics),
        new ListJobs(listing, config.catalog(), reads),
        new ReadJob(lookup, outlook.estimates()),
        new ReadWhy(lookup, outlook),
        new CancelJob(store, reads, metrics),
        new StreamEvents(streams),
        new ReadPanel(shelf, reads),
        new ReadSheet(shelf, reads),
        new ReadReceipt(new ReceiptShelf(store), reads),
        new PutReference(pictures.uploads(), calls("reference uploads")),
        new RerollPanel(body, pictures.rerolls(), admission, intake, calls("re-rolls")),
        new ListCallbacks(callbacks, reads),
        new ReadCallback(finder, callbacks, reads),
        new RedeliverCallback(finder, callbacks, reads),
        new ListTasks(config.catalog()),
        new ReadPlacement(config.catalog(), outlook.placements()),
        new ListWorkers(workers, listing, outlook.routes(), reads));
  }

  private SubmitBatch submitBatch(int lineLimitBytes) {
    BatchLines lines = new BatchLines(admission, intake, calls("batch lines"), metrics);
    return new SubmitBatch(lines, lineLimitBytes, config.concurrentCalls(), metrics);
  }

  private LoopCalls calls(String kind) {
    return new LoopCalls(new BoundedCalls(kind, config.concurrentCalls()));
  }
}
