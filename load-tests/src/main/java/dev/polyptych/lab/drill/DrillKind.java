package dev.polyptych.lab.drill;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of faults, in the order in which they run, and what ends the recovery time. */
public enum DrillKind {
  /** A worker is killed (-9) in the middle of a job, until that job is done. */
  KILL(50),
  /** A worker is stopped (SIGSTOP) in a job and continues later, until that job is done. */
  ZOMBIE(10),
  /** The dispatcher is killed (-9) during a burst of submissions, until a later job is done. */
  DISPATCHER(10),
  /** Redis is killed (-9) and restarted from its append-only file, until a later job is done. */
  REDIS(5),
  /** The broker is restarted, until a later job is done. */
  BROKER(3),
  /** All connections to the broker and to Redis are cut, until a later job is done. */
  CUT(5),
  /** The broker and Redis answer 200 ms later, until a later job is done. */
  SLOW(3),
  /** Redis is out of memory and refuses all writes for 5 s, until a later job is done. */
  MEMORY(3),
  /** Invalid records are in every lane, until each has a dead letter. */
  POISON(3),
  /**
   * Hostile pictures are uploaded and put into Redis, and a job ends two workers, until each is
   * refused or its job is failed.
   */
  POISON_PICTURE(2),
  /** A worker with another model joins, until jobs on its partitions are done by others. */
  MISMATCH(3),
  /** A worker's adapter file never answers, until a job on its partition is done by another. */
  HUNG(2),
  /**
   * Redis is killed (-9) and restarted empty, or emptied by FLUSHALL, in turn, until every job of a
   * burst before it is done.
   */
  WIPE(3),
  /** Redis is restored from a copy of some seconds ago, until the same. */
  REWIND(3),
  /** A replica that lacks the last seconds takes the place of Redis, until the same. */
  FAILOVER(3),
  /** The broker deletes records before a worker has read them, until the same. */
  RETENTION(2),
  /** The lanes are deleted with jobs in them, and made anew, until the same. */
  LANES_LOST(2),
  /**
   * The object store refuses connections, and later stays silent, while images are to go there,
   * until every job of the bursts meanwhile is done and has its images.
   */
  OBJECT_STORE(2),
  /**
   * Clocks of a worker and the dispatcher are wrong by an hour, until that worker has done a job.
   */
  SKEW(2),
  /**
   * A second up starts on the data of one that runs, which SIGTERM then ends in a job, until the
   * first, started again, has done that job.
   */
  SECOND_UP(2);

  private final int usual;

  DrillKind(int usual) {
    this.usual = usual;
  }

  /** How often it runs by default. */
  public int usual() {
    return usual;
  }

  /** Its name in options and reports. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind with that name. */
  public static Optional<DrillKind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }
}
