package dev.polyptych.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.schema.job.JobId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A page of ids, newest first.
 *
 * @param cursor where to continue; empty if there are no older ids
 */
record IdPage(List<String> ids, Optional<String> cursor) {
  /** How many ids one call looks at. */
  static final int MOST_LOOKED_AT = 1_000;

  private static final int CHUNK = 100;

  /** Reads an index from its newest id to its oldest. */
  interface Older {
    /** The next ids; fewer than {@code most} only where the index ends. */
    List<String> than(String before, int most);
  }

  /**
   * Goes through an index.
   *
   * @param older reads the index
   * @param before position of the cursor; empty to start with the newest id
   * @param limit how many ids at most
   * @param passing filters a chunk of ids and keeps their order
   */
  static IdPage of(Older older, String before, int limit, UnaryOperator<List<String>> passing) {
    List<String> passed = new ArrayList<>();
    String last = before;
    for (int looked = 0; looked < MOST_LOOKED_AT && passed.size() < limit; ) {
      List<String> ids = older.than(last, CHUNK);
      passing.apply(ids).stream().limit(limit - passed.size()).forEach(passed::add);
      if (ids.size() < CHUNK && passed.size() < limit) {
        return new IdPage(passed, Optional.empty());
      }
      looked += ids.size();
      last = ids.getLast();
    }
    return new IdPage(passed, Optional.of(cursor(passed.size() < limit ? last : passed.getLast())));
  }

  /** The id in a cursor; empty if the cursor is not valid. */
  static Optional<String> position(String cursor) {
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), UTF_8))
          .filter(JobId::valid);
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static String cursor(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }
}
