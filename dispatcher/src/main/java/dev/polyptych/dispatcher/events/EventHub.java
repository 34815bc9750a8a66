package dev.polyptych.dispatcher.events;

import dev.polyptych.schema.job.JobEvent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hands the events of all jobs to those who listen to one; safe for any number of threads. */
public final class EventHub {
  private final Map<String, Set<EventListener>> listeners = new ConcurrentHashMap<>();

  /** Must come before the listener reads what is kept, else what happens in between is missed. */
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
