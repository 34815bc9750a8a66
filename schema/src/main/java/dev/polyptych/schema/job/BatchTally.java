package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * The first and last line of a batch's answer. Only the last one has the counts.
 *
 * @param lines how many verdicts there are
 */
public record BatchTally(
    @JsonProperty("v") int version,
    String batch,
    Optional<Integer> lines,
    Optional<Integer> accepted,
    Optional<Integer> refused) {

  /** Before any verdict. */
  public static BatchTally opening(String batch) {
    return new BatchTally(1, batch, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static BatchTally closing(String batch, int accepted, int refused) {
    return new BatchTally(
        1, batch, Optional.of(accepted + refused), Optional.of(accepted), Optional.of(refused));
  }
}
