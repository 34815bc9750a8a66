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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The jobs that are taken from the broker: waiting, or in hand from their start until they are
 * finished or dropped. The intake bounds their number. Safe for all threads.
 */
public final class LocalQueue implements Backlog {
  private final OffsetLedger ledger;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Map<RecordPosition, Delivery> waiting = new LinkedHashMap<>();

  /** Jobs that this worker can't draw. */
  @GuardedBy("lock")
  private final Map<RecordPosition, Stray> strays = new LinkedHashMap<>();

  /** By job id: a job that is delivered twice must not run twice at once. */
  @GuardedBy("lock")
  private final Map<String, RecordPosition> inHand = new HashMap<>();

  @GuardedBy("lock")
  private final Set<RecordPosition> recalled = new HashSet<>();

  @GuardedBy("lock")
  private final ArrivalOrder order = new ArrivalOrder();

  @GuardedBy("lock")
  private boolean closed;

  public LocalQueue(OffsetLedger ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public void add(Delivery delivery) {
    lock.lock();
    try {
      waiting.put(delivery.position(), delivery);
      order.add(delivery);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void strand(Stray stray) {
    lock.lock();
    try {
      if (closed || recalled.remove(stray.position())) {
        ledger.drop(stray.position());
      } else {
        strays.put(stray.position(), stray);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The job in hand can't be drawn here, nor can the waiting ones with its adapter. */
  public void strand(Delivery unable, JobError reason) {
    lock.lock();
    try {
      inHand.remove(unable.id(), unable.position());
      List<Delivery> alike =
          waiting.values().stream()
              .filter(other -> other.adapter().equals(unable.adapter()))
              .toList();
      strand(Stray.of(unable, reason));
      order.remove(unable.position());
      for (Delivery other : alike) {
        waiting.remove(other.position());
        order.remove(other.position());
        strand(Stray.of(other, reason));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The jobs that this worker can't draw, in the order of arrival. */
  public List<Stray> strays() {
    lock.lock();
    try {
      return List.copyOf(strays.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes such a job in hand until {@link #finished}, {@link #dropped} or {@link #strand(Stray)};
   * false if it is gone, or in hand.
   */
  public boolean depart(Stray stray) {
    lock.lock();
    try {
      if (inHand.containsKey(stray.id()) || strays.remove(stray.position()) == null) {
        return false;
      }
      inHand.put(stray.id(), stray.position());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts such a job in hand back among its like. */
  public void putBack(Stray stray) {
    lock.lock();
    try {
      inHand.remove(stray.id(), stray.position());
      strand(stray);
    } finally {
      lock.unlock();
    }
  }

  /** This worker can draw the job now. */
  public void recovered(Stray stray) {
    lock.lock();
    try {
      if (strays.remove(stray.position()) != null) {
        stray.delivery().ifPresent(this::add);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the job would need a swap if all jobs were rendered in the order of arrival. */
  public boolean swapsInOrder(RecordPosition position) {
    lock.lock();
    try {
      return order.swapsBefore(position);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the job that {@code choose} picks. Waits up to a time for one.
   *
   * @param choose called under the lock, so it must be quick
   */
  public Optional<Delivery> take(
      Function<List<Delivery>, Optional<Delivery>> choose, Duration atMost)
      throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      Optional<Delivery> chosen = choose.apply(ready());
      while (chosen.isEmpty() && left > 0 && !closed) {
        long pause = Math.min(left, untilNextHeldBack());
        left -= pause - Math.max(0, changed.awaitNanos(pause));
        chosen = choose.apply(ready());
      }
      chosen.ifPresent(this::begin);
      return chosen;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int heldBack(String topic) {
    lock.lock();
    try {
      Instant now = clock.instant();
      return (int)
          Stream.concat(
                  waiting.values().stream()
                      .filter(job -> job.heldBackAt(now))
                      .map(Delivery::position),
                  strays.keySet().stream())
              .filter(position -> position.partition().topic().equals(topic))
              .count();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the jobs that {@code choose} moves to other workers. Each is in hand until {@link
   * #finished} or {@link #putBack(Delivery)}.
   *
   * @param choose called under the lock with the jobs that could start, so it must be quick
   */
  public List<Move<Delivery>> depart(Function<List<Delivery>, List<Move<Delivery>>> choose) {
    lock.lock();
    try {
      List<Move<Delivery>> moves = new ArrayList<>();
      for (Move<Delivery> move : choose.apply(ready())) {
        // A job that was delivered twice is moved once.
        if (!inHand.containsKey(move.job().id())) {
          begin(move.job());
          moves.add(move);
        }
      }
      return moves;
    } finally {
      lock.unlock();
    }
  }

  /** The job waits again: it was taken but could not be claimed or moved. */
  public void putBack(Delivery delivery) {
    lock.lock();
    try {
      inHand.remove(delivery.id(), delivery.position());
      if (closed || recalled.remove(delivery.position())) {
        ledger.drop(delivery.position());
      } else {
        waiting.put(delivery.position(), delivery);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<RecordPosition> withdraw(Predicate<RecordPosition> which) {
    lock.lock();
    try {
      List<RecordPosition> withdrawn =
          Stream.concat(waiting.keySet().stream(), strays.keySet().stream()).filter(which).toList();
      withdrawn.forEach(waiting::remove);
      withdrawn.forEach(strays::remove);
      withdrawn.forEach(order::remove);
      return withdrawn;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void recall(Predicate<RecordPosition> which) {
    lock.lock();
    try {
      recalled.addAll(inHand.values().stream().filter(which).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Whether the job in hand must be given up at the next step. */
  public boolean recalled(RecordPosition position) {
    lock.lock();
    try {
      return closed || recalled.contains(position);
    } finally {
      lock.unlock();
    }
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
  public List<String> jobs() {
    lock.lock();
    try {
      return Stream.of(
              waiting.values().stream().map(Delivery::id),
              strays.values().stream().map(Stray::id),
              inHand.keySet().stream())
          .flatMap(ids -> ids)
          .distinct()
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Jobs that have not begun, in the order of arrival. */
  public List<Delivery> waiting() {
    lock.lock();
    try {
      return List.copyOf(waiting.values());
    } finally {
      lock.unlock();
    }
  }

  /** Gives out no more jobs and recalls those in hand. The rest goes to other workers. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.keySet().forEach(ledger::drop);
      waiting.clear();
      strays.keySet().forEach(ledger::drop);
      strays.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #close} was called. */
  public boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void forget(RecordPosition position) {
    lock.lock();
    try {
      inHand.values().remove(position);
      recalled.remove(position);
      order.remove(position);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
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
  @GuardedBy("lock")
  private long untilNextHeldBack() {
    Instant now = clock.instant();
    return waiting.values().stream()
        .filter(job -> job.heldBackAt(now))
        .map(job -> Duration.between(now, job.headers().notBefore().orElseThrow()))
        .mapToLong(wait -> wait.plusMillis(1).toNanos())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @GuardedBy("lock")
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
