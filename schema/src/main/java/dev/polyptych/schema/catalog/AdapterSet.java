package dev.polyptych.schema.catalog;

import java.util.HashSet;
import java.util.List;

/**
 * The adapters that a job is drawn with, in their order and without their scales. It is the unit of
 * affinity: schedule, residency and swap costs use its key.
 *
 * @param ids at most four different ones; none: the base alone
 */
public record AdapterSet(List<String> ids) {
  /** The most adapters of a job. */
  public static final int MOST = 4;

  /** The key of the set without adapters. */
  public static final String BASE_ALONE = "base-alone";

  private static final String SEPARATOR = "+";

  /**
   * @throws IllegalArgumentException naming what is wrong with the ids
   */
  public AdapterSet {
    ids = List.copyOf(ids);
    check(ids.size() <= MOST, "at most " + MOST + " adapters draw a job, not " + ids.size());
    check(new HashSet<>(ids).size() == ids.size(), "each adapter may be named once, not " + ids);
    for (String id : ids) {
      check(
          !id.isEmpty() && !id.contains(SEPARATOR) && !id.equals(BASE_ALONE),
          "the id of an adapter must not be empty, contain + or be %s, was '%s'"
              .formatted(BASE_ALONE, id));
    }
  }

  /**
   * The set with a key.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static AdapterSet of(String key) {
    return new AdapterSet(key.equals(BASE_ALONE) ? List.of() : members(key));
  }

  /** The ids joined with +. The key of one adapter is its id. */
  public String key() {
    return ids.isEmpty() ? BASE_ALONE : String.join(SEPARATOR, ids);
  }

  /** The parts of any text that stands for adapters; never fails. */
  public static List<String> members(String key) {
    return key.contains(SEPARATOR) ? List.of(key.split("\\+", -1)) : List.of(key);
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
