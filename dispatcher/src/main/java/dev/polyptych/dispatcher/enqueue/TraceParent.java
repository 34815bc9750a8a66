package dev.polyptych.dispatcher.enqueue;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The W3C trace context that travels with a job.
 *
 * @param text value of a {@code traceparent} header
 */
public record TraceParent(String text) {
  private static final Pattern VALID =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The caller's, or a new, unsampled one when it is absent or malformed. */
  public static TraceParent of(String header) {
    if (header != null && VALID.matcher(header).matches()) {
      return new TraceParent(header);
    }
    byte[] random = new byte[24];
    RANDOM.nextBytes(random);
    String digits = HexFormat.of().formatHex(random);
    return new TraceParent("00-" + digits.substring(0, 32) + "-" + digits.substring(32) + "-00");
  }
}
