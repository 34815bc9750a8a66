package dev.polyptych.worker.intake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.policy.schedule.Move;
import dev.polyptych.schema.job.JobError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The jobs that are taken from the broker: waiting, or in hand from their start until they are
 * finished or dropped. The intake bounds their number. Safe for all threads.
 */
public final class LocalQueue implements Backlog {
  private final OffsetLedger ledger;
  private final Clock clock;
  private final Strays strays = new Strays(this);

  @GuardedBy("this")
  private final Map<RecordPosition, Delivery> waiting = new LinkedHashMap<>();

  /** By job id: a job that is delivered twice must not run twice at once. */
  @GuardedBy("this")
  private final Map<String, RecordPosition> inHand = new HashMap<>();

  /** In hand while their partition goes: they must not wait here again. */
  @GuardedBy("this")
  private final Set<RecordPosition> leaving = new HashSet<>();

  /** In hand, to be given up at the next step. */
  @GuardedBy("this")
  private final Set<RecordPosition> recalled = new HashSet<>();

  @GuardedBy("this")
  private final ArrivalOrder order = new ArrivalOrder();

  @GuardedBy("this")
  private boolean closed;

  public LocalQueue(OffsetLedger ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** The jobs that this worker can't draw. */
  public Strays strays() {
    return strays;
  }

  @Override
  public synchronized void add(Delivery delivery) {
    waiting.put(delivery.position(), delivery);
    order.add(delivery);
    notifyAll();
  }

  @Override
  public synchronized void strand(Stray stray) {
    if (closed) {
      ledger.drop(stray.position());
    } else {
      strays.add(stray);
    }
  }

  /** The job in hand can't be drawn here, nor can the waiting ones with its adapter. */
  public synchronized void strand(Delivery unable, JobError reason) {
    strays.putBack(new Stray(unable, reason));
    order.remove(unable.position());
    for (Delivery other : List.copyOf(waiting.values())) {
      if (other.adapter().equals(unable.adapter())) {
        waiting.remove(other.position());
        order.remove(other.position());
        strays.add(new Stray(other, reason));
      }
    }
    notifyAll();
  }

  /**
   * None of the waiting jobs whose adapters can't be read now is drawn here.
   *
   * @param unreadable why a job's adapters can't be read; called under the lock
   */
  public synchronized void strand(Function<String, Optional<JobError>> unreadable) {
    for (Delivery job : List.copyOf(waiting.values())) {
      unreadable
          .apply(job.adapter())
          .ifPresent(
              reason -> {
                waiting.remove(job.position());
                order.remove(job.position());
                strays.add(new Stray(job, reason));
              });
    }
  }

  /** What can be drawn has changed: a thread that waits in {@link #take} chooses again. */
  public synchronized void lookAgain() {
    notifyAll();
  }

  /** Whether the job would need a swap if all jobs were rendered in the order of arrival. */
  public synchronized boolean swapsInOrder(RecordPosition position) {
    return order.swapsBefore(position);
  }

  /**
   * Takes the job that {@code choose} picks. Waits up to a time for one.
   *
   * @param choose called under the lock, so it must be quick
   */
  public synchronized Optional<Delivery> take(
      Function<List<Delivery>, Optional<Delivery>> choose, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    Optional<Delivery> chosen = choose.apply(ready());
    for (long left = atMost.toNanos();
        chosen.isEmpty() && left > 0 && !closed;
        left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, untilNextHeldBack()));
      chosen = choose.apply(ready());
    }
    chosen.ifPresent(this::begin);
    return chosen;
  }

  @Override
  public synchronized int heldBack(String topic) {
    Instant now = clock.instant();
    long later =
        waiting.values().stream()
            .filter(job -> job.heldBackAt(now) && job.position().isOf(topic))
            .count();
    return (int) (later + strays.count(topic));
  }

  /**
   * Takes the jobs that {@code choose} moves to other workers. Each is in hand until {@link
   * #finished} or {@link #putBack}.
   *
   * @param choose called under the lock with the jobs that could start, so it must be quick
   */
  public synchronized List<Move<Delivery>> depart(
      Function<List<Delivery>, List<Move<Delivery>>> choose) {
    List<Move<Delivery>> moves = new ArrayList<>();
    for (Move<Delivery> move : choose.apply(ready())) {
      // A job that was delivered twice is moved once.
      if (!inHand.containsKey(move.job().id())) {
        begin(move.job());
        moves.add(move);
      }
    }
    return moves;
  }

  /** The job waits again: it was taken but could not be claimed or moved. */
  public synchronized void putBack(Delivery delivery) {
    if (mayWaitAgain(delivery.id(), delivery.position())) {
      waiting.put(delivery.position(), delivery);
      notifyAll();
    }
  }

  @Override
  public synchronized List<RecordPosition> withdraw(Predicate<RecordPosition> which) {
    List<RecordPosition> withdrawn =
        new ArrayList<>(waiting.keySet().stream().filter(which).toList());
    withdrawn.forEach(waiting::remove);
    withdrawn.forEach(order::remove);
    withdrawn.addAll(strays.withdraw(which));
    leaving.addAll(inHand.values().stream().filter(which).toList());
    return withdrawn;
  }

  @Override
  public synchronized void recall(Predicate<RecordPosition> which) {
    recalled.addAll(inHand.values().stream().filter(which).toList());
  }

  /** Whether the job in hand must be given up at the next step. */
  public synchronized boolean recalled(RecordPosition position) {
    return closed || recalled.contains(position);
  }

  /** The record needs no more work: its offset may be committed. Called once a record. */
  public void finished(RecordPosition position) {
    forget(position);
    ledger.finish(position);
  }

  /** The record must be delivered again, here or elsewhere. Called once a record. */
  public void dropped(RecordPosition position) {
    forget(position);
    ledger.drop(position);
  }

  /** Ids of all jobs that are taken and neither finished nor dropped. */
  public synchronized List<String> jobs() {
    Set<String> ids = new LinkedHashSet<>(inHand.keySet());
    waiting.values().forEach(job -> ids.add(job.id()));
    strays.waiting().forEach(job -> ids.add(job.id()));
    return List.copyOf(ids);
  }

  /** Jobs that have not begun, in the order of arrival. */
  public synchronized List<Delivery> waiting() {
    return List.copyOf(waiting.values());
  }

  /** Gives out no more jobs and recalls those in hand. The rest goes to other workers. */
  public synchronized void close() {
    closed = true;
    withdraw(position -> true).forEach(ledger::drop);
    notifyAll();
  }

  /** Whether {@link #close} was called. */
  public synchronized boolean closed() {
    return closed;
  }

  /** Takes a job in hand; false if it is already. */
  synchronized boolean hold(String id, RecordPosition position) {
    return inHand.putIfAbsent(id, position) == null;
  }

  /** The job is in hand no longer. If it must not wait here again, it is dropped: false. */
  synchronized boolean mayWaitAgain(String id, RecordPosition position) {
    inHand.remove(id, position);
    boolean waits = !closed;
    waits &= !leaving.remove(position);
    waits &= !recalled.remove(position);
    if (!waits) {
      ledger.drop(position);
    }
    return waits;
  }

  private synchronized void forget(RecordPosition position) {
    inHand.values().remove(position);
    leaving.remove(position);
    recalled.remove(position);
    order.remove(position);
    notifyAll();
  }

  @GuardedBy("this")
  private List<Delivery> ready() {
    Instant now = clock.instant();
    List<Delivery> ready = new ArrayList<>();
    for (Delivery delivery : waiting.values()) {
      if (!inHand.containsKey(delivery.id()) && !delivery.heldBackAt(now)) {
        ready.add(delivery);
      }
    }
    return ready;
  }

  /** Nanoseconds until the first held-back job may begin, plus a millisecond. */
  @GuardedBy("this")
  private long untilNextHeldBack() {
    Instant now = clock.instant();
    return waiting.values().stream()
        .filter(job -> job.heldBackAt(now))
        .map(job -> Duration.between(now, job.headers().notBefore().orElseThrow()))
        .mapToLong(wait -> wait.plusMillis(1).toNanos())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @GuardedBy("this")
  private void begin(Delivery delivery) {
    waiting.remove(delivery.position());
    inHand.put(delivery.id(), delivery.position());
  }

  /**
   * Which jobs would need a swap if all were rendered in the order of arrival: those whose adapter
   * is not that of the job before. Not thread-safe: the queue guards it.
   */
  private static final class ArrivalOrder {
    private final Set<RecordPosition> swaps = new HashSet<>();
    private Optional<String> last = Optional.empty();

    void add(Delivery delivery) {
      if (last.filter(delivery.adapter()::equals).isEmpty()) {
        swaps.add(delivery.position());
      }
      last = Optional.of(delivery.adapter());
    }

    boolean swapsBefore(RecordPosition position) {
      return swaps.contains(position);
    }

    void remove(RecordPosition position) {
      swaps.remove(position);
    }
  }
}
