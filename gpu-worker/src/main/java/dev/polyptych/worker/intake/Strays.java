package dev.polyptych.worker.intake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The jobs that are taken from the broker although this worker can't draw them. Each waits for
 * another worker, or until its adapter can be read here. The queue's lock guards them. Safe for all
 * threads.
 */
public final class Strays {
  private final LocalQueue queue;

  @GuardedBy("queue")
  private final Map<RecordPosition, Stray> waiting = new LinkedHashMap<>();

  Strays(LocalQueue queue) {
    this.queue = queue;
  }

  /** In the order of arrival. */
  public List<Stray> waiting() {
    synchronized (queue) {
      return List.copyOf(waiting.values());
    }
  }

  /**
   * Takes a job in hand until {@link LocalQueue#finished}, {@link LocalQueue#dropped} or {@link
   * #putBack}; false if it is gone, or in hand.
   */
  public boolean depart(Stray stray) {
    synchronized (queue) {
      boolean departs =
          waiting.containsKey(stray.position()) && queue.hold(stray.id(), stray.position());
      if (departs) {
        waiting.remove(stray.position());
      }
      return departs;
    }
  }

  /** The job waits again: it was in hand but could not be passed on. */
  public void putBack(Stray stray) {
    synchronized (queue) {
      if (queue.mayWaitAgain(stray.id(), stray.position())) {
        add(stray);
      }
    }
  }

  /** This worker can draw the job now. */
  public void recovered(Stray stray) {
    synchronized (queue) {
      if (waiting.remove(stray.position()) != null) {
        queue.add(stray.delivery());
      }
    }
  }

  void add(Stray stray) {
    synchronized (queue) {
      waiting.put(stray.position(), stray);
    }
  }

  /** How many of a topic wait. */
  long count(String topic) {
    synchronized (queue) {
      return waiting.keySet().stream().filter(position -> position.isOf(topic)).count();
    }
  }

  /** Removes jobs and returns them. */
  List<RecordPosition> withdraw(Predicate<RecordPosition> which) {
    synchronized (queue) {
      List<RecordPosition> withdrawn = waiting.keySet().stream().filter(which).toList();
      withdrawn.forEach(waiting::remove);
      return withdrawn;
    }
  }
}
