package dev.polyptych.schema.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A worker's report about itself, every few seconds.
 *
 * @param model id of its base
 * @param adapter the warm one
 * @param streak jobs rendered in a row with it
 * @param job the one being rendered
 * @param stepSeconds recent mean of a denoising step; 0 before the first
 * @param waiting jobs fetched from the broker but not started
 * @param partitions owned, of both lanes alike
 * @param load the cost of its jobs and its waiting work
 * @param abilities what it can draw; absent in a heartbeat of an older worker
 * @param held ids of all jobs that it has fetched and not finished; absent in a heartbeat of an
 *     older worker, which does not know editions of records either
 * @param fetching ids of the adapters that it fetches from the object store
 */
public record WorkerHeartbeat(
    @JsonProperty("v") int version,
    String id,
    String model,
    String device,
    String computeType,
    Optional<String> adapter,
    int streak,
    Optional<String> job,
    double stepSeconds,
    int waiting,
    List<Integer> partitions,
    Instant startedAt,
    WorkerLoad load,
    Abilities.Report abilities,
    Optional<List<String>> held,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> fetching) {
  public static final int VERSION = 2;

  /** The version before. Its workers read the inbox. */
  private static final int BEFORE = 1;

  /** Stands for device and compute type of a worker whose model is not loaded yet. */
  public static final String LOADING = "loading";

  public WorkerHeartbeat {
    partitions = List.copyOf(partitions);
    // Absent in a heartbeat of an older worker.
    load = load == null ? WorkerLoad.NONE : load;
    abilities = abilities == null ? Abilities.Report.NONE : abilities;
    held = held == null ? Optional.empty() : held.map(List::copyOf);
    fetching = fetching == null ? List.of() : List.copyOf(fetching);
  }

  /**
   * As processes of the version before may read it: without partitions, for they are of other
   * topics, and without what it has fetched, so that their sweep produces none of it again.
   */
  public WorkerHeartbeat before() {
    return changed(BEFORE, List.of(), Optional.empty(), List.of());
  }

  /** The same without partitions. */
  public WorkerHeartbeat withoutPartitions() {
    return changed(version, List.of(), held, fetching);
  }

  private WorkerHeartbeat changed(
      int number, List<Integer> owned, Optional<List<String>> jobs, List<String> adapters) {
    return new WorkerHeartbeat(
        number,
        id,
        model,
        device,
        computeType,
        adapter,
        streak,
        job,
        stepSeconds,
        waiting,
        owned,
        startedAt,
        load,
        abilities,
        jobs,
        adapters);
  }

  /** Whether it draws nothing any more, and is about to leave. */
  public boolean stuck() {
    return abilities.stuck().isPresent();
  }

  /** What it can draw. */
  public Abilities can() {
    return new Abilities(
        Optional.of(model),
        abilities.tasks().map(Set::copyOf),
        Set.copyOf(abilities.missing()),
        stuck() || abilities.refusedWeights().isPresent(),
        Set.copyOf(abilities.references()));
  }

  /** Whether it will take jobs, but can't yet. */
  public boolean loading() {
    return device.equals(LOADING);
  }

  /** Where its adapters are, the one that it draws with included. */
  public Residency residency() {
    return load.adapters().residency(adapter);
  }

  /** Mean seconds of a waiting job; 0 without measurements. */
  public double meanJobSeconds() {
    boolean measured = waiting > 0 && load.waitingSeconds() > 0;
    return measured ? load.waitingSeconds() / waiting : load.jobSeconds();
  }
}
