package dev.polyptych.worker.handover;

import dev.polyptych.policy.routing.Fleet;
import dev.polyptych.policy.routing.FleetView;
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
import dev.polyptych.worker.metrics.HandoverMetrics;
import dev.polyptych.worker.publish.BrokerUnavailableException;
import dev.polyptych.worker.publish.RecordProducer;
import dev.polyptych.worker.render.LocalQueue;
import dev.polyptych.worker.render.RenderLoop;
import dev.polyptych.worker.trace.JobLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives waiting jobs to idle workers, from a virtual thread of its own. Without Redis or the broker
 * nothing is given and nothing lost.
 *
 * <p>A job is produced again to the other's partition; once the broker has it, the store notes
 * where it stands, and only then is its record here finished. Dead in between, a worker leaves two
 * records of one job: whoever claims it by the later one, or the note, makes the earlier one void.
 */
public final class Handovers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Handovers.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Each looks at all: so that a large fleet does not keep Redis busy, it looks less often. */
  private static final Duration LOOK_MORE_FOR_EACH = Duration.ofMillis(10);

  private final Handover handover = new Handover();
  private final Desk desk;
  private final LocalQueue room;
  private final RenderLoop loop;
  private final FleetView view;
  private final Consumer<Throwable> onBug;
  private final PeriodicTask rounds = new PeriodicTask("handover", LOOK, this::round);

  /** Whom it asks and tells. */
  public record Desk(
      String worker,
      WorkerDirectory directory,
      JobStore store,
      RecordProducer producer,
      HandoverMetrics metrics,
      Clock clock) {}

  /**
   * @param onBug told of an exception that nobody expected
   */
  public Handovers(Desk desk, LocalQueue room, RenderLoop loop, Consumer<Throwable> onBug) {
    this.desk = desk;
    this.room = room;
    this.loop = loop;
    this.view = new FleetView(desk.worker());
    this.onBug = onBug;
  }

  public void start() {
    rounds.start();
  }

  /** Lets what is under way end, for a while. */
  @Override
  public void close() {
    rounds.close();
  }

  private Duration round() {
    try {
      // Who has nothing to give need not know who could take it.
      int seen = room.waiting().isEmpty() ? 0 : look();
      return LOOK.plus(LOOK_MORE_FOR_EACH.multipliedBy(seen));
    } catch (RuntimeException | Error unexpected) {
      onBug.accept(unexpected);
      return LOOK;
    }
  }

  /** Looks once, and gives what is to be given; how many workers there are. */
  private int look() {
    List<WorkerHeartbeat> live;
    try {
      live = desk.directory().live();
    } catch (StoreUnavailableException away) {
      LOG.warn("no handover: {}", away.getMessage());
      return 0;
    }
    Fleet fleet = view.fleet(live, loop.load(), desk.clock().instant());
    List<Move<Delivery>> moves = room.depart(waiting -> moves(waiting, fleet));
    boolean sound = true;
    for (Move<Delivery> move : moves) {
      sound = sound && !rounds.closing() && give(move, fleet);
      if (!sound) {
        room.putBack(move.job());
      }
    }
    return live.size();
  }

  private List<Move<Delivery>> moves(List<Delivery> waiting, Fleet fleet) {
    return handover.moves(
        waiting, loop.standing(), desk.worker(), fleet, loop::renderTime, desk.clock().instant());
  }

  /** False when the broker does not say that it has the job; then it may have it all the same. */
  private boolean give(Move<Delivery> move, Fleet fleet) {
    Delivery job = move.job();
    try {
      QueuePlace place = desk.producer().handOver(job, move.partition());
      note(job, place);
      room.finished(job.place());
      desk.metrics().handedOver();
      String receiver = fleet.owner(move.partition()).map(FleetWorker::id).orElse("nobody");
      view.gave(receiver, loop.renderTime(job).toMillis() / 1000.0, desk.clock().instant());
      JobLog.about(LOG.atInfo(), job.id())
          .addKeyValue("adapter", job.adapter())
          .addKeyValue("hops", job.hops() + 1)
          .log("handed over to {}, partition {}", receiver, move.partition());
      return true;
    } catch (BrokerUnavailableException away) {
      desk.metrics().failed();
      JobLog.about(LOG.atWarn(), job.id()).log("not handed over: {}", away.getMessage());
      return false;
    }
  }

  /** Only a note: without it whoever asks is told the old place until the job is claimed. */
  private void note(Delivery job, QueuePlace place) {
    try {
      desk.store().moved(job.id(), job.headers().handedOver().edition(), place);
    } catch (StoreUnavailableException away) {
      JobLog.about(LOG.atWarn(), job.id()).log("moved without a note: {}", away.getMessage());
    }
  }
}
