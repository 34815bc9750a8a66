package dev.polyptych.worker.fleet;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetWorker;
import dev.polyptych.policy.schedule.Handover;
import dev.polyptych.policy.schedule.Move;
import dev.polyptych.schema.fleet.WorkerHeartbeat;
import dev.polyptych.schema.job.QueuePlace;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.WorkerDirectory;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.LocalQueue;
import dev.polyptych.worker.metrics.HandoverMetrics;
import dev.polyptych.worker.publish.BrokerUnavailableException;
import dev.polyptych.worker.publish.RecordProducer;
import dev.polyptych.worker.render.RenderState;
import dev.polyptych.worker.trace.JobLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands waiting jobs over to idle workers, and passes jobs on that this worker can't draw, on its
 * own virtual thread. Without Redis or the broker no job is handed over, and none is lost.
 *
 * <p>A job is produced to a partition of the other worker. Once the broker has it, the store notes
 * the new record, and only then the record here is finished. If the worker dies in between, two
 * records of the job exist. The later one counts: its claim, or the note, makes the earlier one
 * void.
 */
public final class Handovers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Handovers.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Every worker reads all heartbeats, so in a large fleet each does so less often. */
  private static final Duration LOOK_MORE_FOR_EACH = Duration.ofMillis(10);

  private final Handover handover = new Handover();
  private final String worker;
  private final String base;
  private final WorkerDirectory directory;
  private final JobStore store;
  private final RecordProducer producer;
  private final LocalQueue queue;
  private final RenderState state;
  private final PassingOn passingOn;
  private final HandoverMetrics metrics;
  private final Clock clock;
  private final FleetView view;
  private final Consumer<Throwable> onBug;
  private final PeriodicTask task = new PeriodicTask("handover", LOOK, this::round);

  /**
   * @param base id of the model that this worker draws with
   * @param onBug gets unexpected exceptions
   */
  public Handovers(
      String worker,
      String base,
      WorkerDirectory directory,
      JobStore store,
      RecordProducer producer,
      LocalQueue queue,
      RenderState state,
      PassingOn passingOn,
      HandoverMetrics metrics,
      Clock clock,
      Consumer<Throwable> onBug) {
    this.worker = worker;
    this.base = base;
    this.directory = directory;
    this.store = store;
    this.producer = producer;
    this.queue = queue;
    this.state = state;
    this.passingOn = passingOn;
    this.metrics = metrics;
    this.clock = clock;
    this.view = new FleetView(worker);
    this.onBug = onBug;
  }

  public void start() {
    task.start();
  }

  /** Waits a while for a handover that is under way. */
  @Override
  public void close() {
    task.close();
  }

  private Duration round() {
    try {
      // Without waiting jobs there is nothing to hand over.
      int seen = queue.waiting().isEmpty() && !passingOn.due() ? 0 : look();
      return LOOK.plus(LOOK_MORE_FOR_EACH.multipliedBy(seen));
    } catch (RuntimeException | Error unexpected) {
      onBug.accept(unexpected);
      return LOOK;
    }
  }

  /** Reads the heartbeats and hands jobs over. Returns the number of workers. */
  private int look() {
    List<WorkerHeartbeat> live;
    try {
      live = directory.live(base);
    } catch (StoreUnavailableException away) {
      LOG.warn("no handover, the fleet can't be read: {}", away.getMessage());
      return 0;
    }
    Fleet fleet = view.fleet(live, state.load(), clock.instant());
    passingOn.round(fleet);
    List<Move<Delivery>> moves = queue.depart(waiting -> moves(waiting, fleet));
    boolean brokerAnswers = true;
    for (Move<Delivery> move : moves) {
      brokerAnswers = brokerAnswers && !task.closing() && give(move, fleet);
      if (!brokerAnswers) {
        queue.putBack(move.job());
      }
    }
    return live.size();
  }

  private List<Move<Delivery>> moves(List<Delivery> waiting, Fleet fleet) {
    return handover.moves(
        waiting, state.schedule(), worker, fleet, state::renderTime, clock.instant());
  }

  /** False when the broker does not acknowledge the job. It may still have it. */
  private boolean give(Move<Delivery> move, Fleet fleet) {
    Delivery job = move.job();
    try {
      QueuePlace place = producer.handOver(job, move.partition());
      note(job, place);
      queue.finished(job.position());
      metrics.handedOver();
      String receiver = fleet.owner(move.partition()).map(FleetWorker::id).orElse("none");
      view.gave(receiver, state.renderTime(job).toMillis() / 1000.0, clock.instant());
      JobLog.about(LOG.atInfo(), job.id())
          .addKeyValue("adapter", job.adapter())
          .addKeyValue("hops", job.hops() + 1)
          .log("handed over to {}, partition {}", receiver, move.partition());
      return true;
    } catch (BrokerUnavailableException away) {
      metrics.failed();
      JobLog.about(LOG.atWarn(), job.id()).log("not handed over: {}", away.getMessage());
      return false;
    }
  }

  /** If this fails, the status shows the old partition until the job is claimed. */
  private void note(Delivery job, QueuePlace place) {
    try {
      store.moved(job.id(), job.headers().handedOver().version(), place);
    } catch (StoreUnavailableException away) {
      JobLog.about(LOG.atWarn(), job.id())
          .log("handed over, but the store does not show the new partition: {}", away.getMessage());
    }
  }
}
