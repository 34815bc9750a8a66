package dev.polyptych.worker.render;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.polyptych.policy.schedule.Move;
import dev.polyptych.worker.intake.Backlog;
import dev.polyptych.worker.intake.Delivery;
import dev.polyptych.worker.intake.OffsetLedger;
import dev.polyptych.worker.intake.RecordPosition;
import dev.polyptych.worker.publish.RecordAcknowledger;
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

/**
 * The jobs that are taken from the broker: waiting, or in hand from the moment they are begun until
 * they are settled. Bounded by the intake's room. Safe for all threads.
 */
public final class LocalQueue implements Backlog, RecordAcknowledger {
  private final OffsetLedger ledger;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Map<RecordPosition, Delivery> waiting = new LinkedHashMap<>();

  /** By job id: a job that is delivered again while it is in hand must not be begun twice. */
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
      waiting.put(delivery.place(), delivery);
      order.add(delivery);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a swap would come before a job that is here if all went in the order of arrival. */
  boolean swapsInOrder(RecordPosition place) {
    lock.lock();
    try {
      return order.swapsBefore(place);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the job that {@code choose} picks, waiting a while for one to come.
   *
   * @param choose called under the lock, so it must be quick
   */
  Optional<Delivery> take(Function<List<Delivery>, Optional<Delivery>> choose, Duration atMost)
      throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      Optional<Delivery> chosen = choose.apply(ready());
      while (chosen.isEmpty() && left > 0 && !closed) {
        long pause = Math.min(left, HeldBack.untilNext(waiting.values(), clock.instant()));
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
      return HeldBack.count(waiting.values(), topic, clock.instant());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the jobs that {@code choose} moves away: in hand until each is {@link #finished} or
   * {@link #putBack}.
   *
   * @param choose called under the lock with the jobs that could be begun, so it must be quick
   */
  public List<Move<Delivery>> depart(Function<List<Delivery>, List<Move<Delivery>>> choose) {
    lock.lock();
    try {
      List<Move<Delivery>> moves = new ArrayList<>();
      for (Move<Delivery> move : choose.apply(ready())) {
        // Of a job that was delivered twice one record is enough.
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

  /** Waits as before: the job was taken but could not be claimed, or not be moved. */
  public void putBack(Delivery delivery) {
    lock.lock();
    try {
      inHand.remove(delivery.id(), delivery.place());
      if (closed || recalled.remove(delivery.place())) {
        ledger.drop(delivery.place());
      } else {
        waiting.put(delivery.place(), delivery);
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
      List<RecordPosition> withdrawn = waiting.keySet().stream().filter(which).toList();
      withdrawn.forEach(waiting::remove);
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
  boolean recalled(RecordPosition place) {
    lock.lock();
    try {
      return closed || recalled.contains(place);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void finished(RecordPosition place) {
    forget(place);
    ledger.finish(place);
  }

  @Override
  public void dropped(RecordPosition place) {
    forget(place);
    ledger.drop(place);
  }

  /** Not begun, in the order in which they came. */
  public List<Delivery> waiting() {
    lock.lock();
    try {
      return List.copyOf(waiting.values());
    } finally {
      lock.unlock();
    }
  }

  /** Gives out nothing more and recalls what is in hand; the rest goes to other workers. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.keySet().forEach(ledger::drop);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void forget(RecordPosition place) {
    lock.lock();
    try {
      inHand.values().remove(place);
      recalled.remove(place);
      order.remove(place);
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

  @GuardedBy("lock")
  private void begin(Delivery delivery) {
    waiting.remove(delivery.place());
    inHand.put(delivery.id(), delivery.place());
  }
}
