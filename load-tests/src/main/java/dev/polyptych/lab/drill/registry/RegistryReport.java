package dev.polyptych.lab.drill.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came of the jobs.
 *
 * @param jobs that were accepted
 * @param ends number of jobs by their state, for failed ones with the error's code
 * @param versions of the style that were registered meanwhile
 * @param foreignDigests jobs whose receipt names other digests than the job's pins
 * @param olderVersions jobs that pinned an older version than was registered before they were
 *     submitted
 * @param registerSeconds from the request that names a URL to the answer
 * @param firstStepSeconds from that request to the first step of a job that draws with it
 * @param zombieUnchanged whether the late result of a stopped worker changed nothing
 * @param ended processes that ended by themselves
 */
public record RegistryReport(
    @JsonProperty("v") int version,
    int jobs,
    Map<String, Integer> ends,
    int versions,
    List<String> foreignDigests,
    List<String> olderVersions,
    double registerSeconds,
    double firstStepSeconds,
    boolean zombieUnchanged,
    List<String> ended) {
  /** The most time from a URL to the first step. */
  public static final double AIM_SECONDS = 5;

  /** Whether nothing was lost or falsified. */
  public boolean clean() {
    return ends.keySet().equals(Set.of("done"))
        && foreignDigests.isEmpty()
        && olderVersions.isEmpty()
        && zombieUnchanged
        && ended.isEmpty();
  }
}
