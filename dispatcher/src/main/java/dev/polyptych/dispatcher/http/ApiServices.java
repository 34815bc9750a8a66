package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.admission.Admission;
import dev.polyptych.dispatcher.calls.BoundedCalls;
import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.enqueue.JobQueue;
import dev.polyptych.dispatcher.events.EventArchive;
import dev.polyptych.dispatcher.events.EventHub;
import dev.polyptych.dispatcher.metrics.DispatcherMetrics;
import dev.polyptych.dispatcher.results.ImageShelf;
import dev.polyptych.dispatcher.results.Pictures;
import dev.polyptych.schema.store.JobStore;
import dev.polyptych.schema.store.WorkerDirectory;
import java.util.List;

/** What the handlers work with; makes one handler for each operation of the contract. */
public record ApiServices(
    DispatcherConfig config,
    Admission admission,
    JobQueue queue,
    JobStore store,
    Pictures pictures,
    WorkerDirectory workers,
    EventHub hub,
    DispatcherMetrics metrics) {

  EventStreams eventStreams() {
    return new EventStreams(hub, new EventArchive(store), calls("event reads"), metrics);
  }

  /** Submissions, reads and event reads are bounded apart: one kind can't starve another. */
  List<OperationHandler> handlers(EventStreams streams) {
    LoopCalls reads = calls("reads");
    ImageShelf shelf = new ImageShelf(store);
    JobBody body = new JobBody(config.bodyLimitBytes());
    return List.of(
        new SubmitJob(body, admission, queue, calls("submissions"), metrics),
        new ReadJob(store, reads),
        new CancelJob(store, reads),
        new StreamEvents(streams),
        new ReadPanel(shelf, reads),
        new ReadSheet(shelf, reads),
        new PutReference(pictures.uploads(), calls("reference uploads")),
        new RerollPanel(body, pictures.rerolls(), admission, queue, calls("re-rolls")),
        new ListTasks(config.catalog()),
        new ListWorkers(workers, reads));
  }

  private LoopCalls calls(String kind) {
    return new LoopCalls(new BoundedCalls(kind, config.concurrentCalls()));
  }
}
