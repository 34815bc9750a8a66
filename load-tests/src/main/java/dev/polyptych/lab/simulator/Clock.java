package dev.polyptych.lab.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Simulated time in seconds since the start of the run, and the scheduled events. */
public final class Clock {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private double now;
  private long made;

  private record Event(double at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  static Instant instant(double seconds) {
    return Instant.ofEpochSecond(0, Math.round(seconds * 1e9));
  }

  static Duration duration(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  public double now() {
    return now;
  }

  public void at(double time, Runnable what) {
    events.add(new Event(Math.max(time, now), made++, what));
  }

  /** Runs the next event; false if there is none. */
  public boolean step() {
    Event next = events.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    next.what().run();
    return true;
  }
}
