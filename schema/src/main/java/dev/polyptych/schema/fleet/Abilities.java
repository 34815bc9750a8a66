package dev.polyptych.schema.fleet;

import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.catalog.ReferenceMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker can draw.
 *
 * @param base id of its model; empty if unknown
 * @param tasks of its catalog; empty if unknown
 * @param missing adapters that it can't read now, and keys of sets of which it can't read one
 * @param stuck whether it draws nothing: it is stuck, or its base does not accept its weights
 * @param references methods by which its program can use references; workers of the version before
 *     know masked SDEdit only
 */
public record Abilities(
    Optional<String> base,
    Optional<Set<String>> tasks,
    Set<String> missing,
    boolean stuck,
    Set<String> references) {
  /** The names of all methods. */
  public static final List<String> ALL_REFERENCES =
      Arrays.stream(ReferenceMethod.values()).map(ReferenceMethod::text).toList();

  /** Of a worker of which nothing is known. It counts as able to draw every job. */
  public static final Abilities UNKNOWN =
      new Abilities(Optional.empty(), Optional.empty(), Set.of(), false);

  public Abilities {
    tasks = tasks.map(Set::copyOf);
    missing = Set.copyOf(missing);
    references = Set.copyOf(references);
  }

  /** Of a worker that knows all ways to use references. */
  public Abilities(
      Optional<String> base, Optional<Set<String>> tasks, Set<String> missing, boolean stuck) {
    this(base, tasks, missing, stuck, Set.copyOf(ALL_REFERENCES));
  }

  /** Whether the worker can draw such a job, as far as that is known. */
  public boolean draws(Needs job) {
    return !stuck
        && drawsWith(job.base())
        && tasks.filter(known -> !known.contains(job.task())).isEmpty()
        && job.reference().filter(method -> !references.contains(method.text())).isEmpty()
        && !missing.contains(job.adapter())
        && AdapterSet.members(job.adapter()).stream().noneMatch(missing::contains);
  }

  private boolean drawsWith(Optional<String> wanted) {
    return base.isEmpty() || wanted.isEmpty() || base.equals(wanted);
  }

  /**
   * The part of a heartbeat.
   *
   * @param tasks empty if they are too many for a heartbeat
   * @param stuck the phase that does not end; empty if all is well
   * @param refusedWeights digest of its weights if its base's declaration does not accept them
   * @param references as in {@link Abilities}
   */
  public record Report(
      Optional<List<String>> tasks,
      List<String> missing,
      Optional<String> stuck,
      Optional<String> refusedWeights,
      List<String> references) {
    /** Of an older worker. */
    public static final Report NONE =
        new Report(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), List.of());

    public Report {
      tasks = tasks == null ? Optional.empty() : tasks.map(List::copyOf);
      missing = missing == null ? List.of() : List.copyOf(missing);
      stuck = stuck == null ? Optional.empty() : stuck;
      refusedWeights = refusedWeights == null ? Optional.empty() : refusedWeights;
      references =
          references == null || references.isEmpty()
              ? List.of(ReferenceMethod.SDEDIT.text())
              : List.copyOf(references);
    }
  }
}
