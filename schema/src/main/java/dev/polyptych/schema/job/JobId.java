package dev.polyptych.schema.job;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Job ids: {@code j-} and 26 characters of Crockford base 32, a millisecond time in front (as in
 * ULID), so that ids sort by age and can't be guessed.
 */
public final class JobId {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern OURS = Pattern.compile("j-[" + ALPHABET + "]{26}");
  private static final long LAST_MILLIS = (1L << 48) - 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private JobId() {}

  public static String next(Clock clock) {
    byte[] random = new byte[10];
    RANDOM.nextBytes(random);
    return text(clock.millis(), random);
  }

  /** The least id of all that are made after {@code time}, to the millisecond. */
  public static String firstAfter(Instant time) {
    long millis = Math.clamp(time.getEpochSecond(), 0L, LAST_MILLIS / 1000) * 1000;
    long within = time.getEpochSecond() < 0 ? -1 : time.getNano() / 1_000_000;
    return text(Math.clamp(millis + within + 1, 0L, LAST_MILLIS), new byte[10]);
  }

  private static String text(long millis, byte[] random) {
    java.math.BigInteger value =
        new java.math.BigInteger(
            1,
            ByteBuffer.allocate(16)
                .putShort((short) (millis >>> 32))
                .putInt((int) millis)
                .put(random)
                .array());
    StringBuilder text = new StringBuilder();
    for (int i = 25; i >= 0; i--) {
      text.append(ALPHABET.charAt(value.shiftRight(5 * i).intValue() & 31));
    }
    return "j-" + text;
  }

  /** Creation time of an id; empty for an id of another form, which is also valid. */
  public static Optional<Instant> time(String id) {
    if (!OURS.matcher(id).matches()) {
      return Optional.empty();
    }
    long millis = 0;
    for (char digit : id.substring(2, 12).toCharArray()) {
      millis = millis << 5 | ALPHABET.indexOf(digit);
    }
    return Optional.of(Instant.ofEpochMilli(millis));
  }

  /**
   * Whether a foreign text may be used as an id. Ids become parts of Redis keys, so an id must not
   * contain the braces of a hash tag.
   */
  public static boolean valid(String text) {
    return text != null && VALID.matcher(text).matches();
  }
}
