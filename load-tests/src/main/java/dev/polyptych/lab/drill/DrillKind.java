package dev.polyptych.lab.drill;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be broken; in the order in which it is. */
public enum DrillKind {
  KILL(50, "a worker is killed (-9) in the middle of a job's steps", "that job is done"),
  ZOMBIE(10, "a worker stands still (SIGSTOP) there, and goes on after", "that job is done"),
  DISPATCHER(10, "the dispatcher is killed (-9) under a burst of submissions", Until.PROBE),
  REDIS(5, "Redis is killed (-9) and started on its append-only file", Until.PROBE),
  BROKER(3, "the broker is stopped and started", Until.PROBE),
  CUT(5, "every connection to the broker and to Redis is cut at once", Until.PROBE),
  SLOW(3, "the broker and Redis answer 200 ms late", Until.PROBE),
  MEMORY(3, "Redis has no memory left and refuses all writes for 5 s", Until.PROBE),
  POISON(3, "records that are no jobs stand in every lane", "each has its dead letter"),
  SKEW(2, "clocks of a worker and the dispatcher are an hour off", "that worker has done a job");

  private final int usual;
  private final String meaning;
  private final String recovered;

  DrillKind(int usual, String meaning, String recovered) {
    this.usual = usual;
    this.meaning = meaning;
    this.recovered = recovered;
  }

  /** How often, unless said otherwise. */
  public int usual() {
    return usual;
  }

  /** What happens in it. */
  public String meaning() {
    return meaning;
  }

  /** What ends the recovery that is timed. */
  public String recovered() {
    return recovered;
  }

  /** As written in options and reports. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of that text. */
  public static Optional<DrillKind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  private static final class Until {
    static final String PROBE = "a job submitted after is done";
  }
}
