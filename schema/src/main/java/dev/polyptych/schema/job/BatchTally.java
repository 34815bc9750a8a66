package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * The first and last line of a batch's answer. Only the last one has the counts.
 *
 * @param lines how many verdicts there are
 * @param elsewhere how many of the accepted lines are jobs of other batches; empty if none is
 */
public record BatchTally(
    @JsonProperty("v") int version,
    String batch,
    Optional<Integer> lines,
    Optional<Integer> accepted,
    Optional<Integer> refused,
    Optional<Integer> elsewhere) {

  /** Before any verdict. */
  public static BatchTally opening(String batch) {
    return new BatchTally(
        1, batch, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static BatchTally closing(String batch, int accepted, int refused, int elsewhere) {
    return new BatchTally(
        1,
        batch,
        Optional.of(accepted + refused),
        Optional.of(accepted),
        Optional.of(refused),
        Optional.of(elsewhere).filter(jobs -> jobs > 0));
  }
}
