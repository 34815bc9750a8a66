package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes each job's events to the listeners of that job. Safe for any number of threads. */
public final class EventHub {
  private final Map<String, Set<EventListener>> listeners = new ConcurrentHashMap<>();

  /**
   * Call this before the listener reads the stored events. Otherwise it misses events in between.
   */
  public void listen(String job, EventListener listener) {
    listeners.compute(
        job,
        (id, present) -> {
          Set<EventListener> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(listener);
          return all;
        });
  }

  public void leave(String job, EventListener listener) {
    listeners.computeIfPresent(
        job,
        (id, present) -> {
          present.remove(listener);
          return present.isEmpty() ? null : present;
        });
  }

  void publish(JobEvent event) {
    listeners.getOrDefault(event.job(), Set.of()).forEach(listener -> listener.live(event));
  }

  void resubscribed() {
    listeners.values().forEach(all -> all.forEach(EventListener::resubscribed));
  }
}
