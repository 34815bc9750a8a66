package dev.polyptych.lab.drill;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of faults, in the order in which they run. */
public enum DrillKind {
  KILL(50, "a worker is killed (-9) in the middle of a job", "that job is done"),
  ZOMBIE(10, "a worker is stopped (SIGSTOP) in a job and continues later", "that job is done"),
  DISPATCHER(10, "the dispatcher is killed (-9) during a burst of submissions", Until.PROBE),
  REDIS(5, "Redis is killed (-9) and restarted from its append-only file", Until.PROBE),
  BROKER(3, "the broker is restarted", Until.PROBE),
  CUT(5, "all connections to the broker and to Redis are cut", Until.PROBE),
  SLOW(3, "the broker and Redis answer 200 ms later", Until.PROBE),
  MEMORY(3, "Redis is out of memory and refuses all writes for 5 s", Until.PROBE),
  POISON(3, "invalid records are in every lane", "each has a dead letter"),
  POISON_PICTURE(
      2,
      "hostile pictures are uploaded and put into Redis, and a job ends two workers",
      "each is refused or its job is failed"),
  MISMATCH(3, "a worker with another model joins", "jobs on its partitions are done by others"),
  HUNG(2, "a worker's adapter file never answers", "a job on its partition is done by another"),
  WIPE(3, "Redis is killed (-9) and restarted empty", Until.BURST),
  REWIND(3, "Redis is restored from a copy of some seconds ago", Until.BURST),
  FAILOVER(3, "a replica that lacks the last seconds takes the place of Redis", Until.BURST),
  RETENTION(2, "the broker deletes records before a worker has read them", Until.BURST),
  LANES_LOST(2, "the lanes are deleted with jobs in them, and made anew", Until.BURST),
  SKEW(
      2,
      "clocks of a worker and the dispatcher are wrong by an hour",
      "that worker has done a job"),
  SECOND_UP(
      2,
      "a second up starts on the data of one that runs, which SIGTERM then ends in a job",
      "the first, started again, has done that job");

  private final int usual;
  private final String meaning;
  private final String recovered;

  DrillKind(int usual, String meaning, String recovered) {
    this.usual = usual;
    this.meaning = meaning;
    this.recovered = recovered;
  }

  /** How often it runs by default. */
  public int usual() {
    return usual;
  }

  /** A description of the fault. */
  public String meaning() {
    return meaning;
  }

  /** The event that ends the recovery time. */
  public String recovered() {
    return recovered;
  }

  /** Its name in options and reports. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind with that name. */
  public static Optional<DrillKind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  private static final class Until {
    static final String PROBE = "a job submitted afterwards is done";
    static final String BURST = "every job of a burst before it, and one afterwards, is done";
  }
}
