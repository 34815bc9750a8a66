package dev.polyptych.schema.topic;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The W3C trace context of a job. It travels with the job even if no process records spans.
 *
 * @param text value of a {@code traceparent} header
 */
public record TraceParent(String text) {
  private static final Pattern VALID =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Empty when the header is malformed. */
  public static Optional<TraceParent> parse(String header) {
    return VALID.matcher(header).matches()
        ? Optional.of(new TraceParent(header))
        : Optional.empty();
  }

  /** The caller's, or a new, unsampled one when it is absent or malformed. */
  public static TraceParent of(String header) {
    return Optional.ofNullable(header).flatMap(TraceParent::parse).orElseGet(TraceParent::random);
  }

  /** 32 hexadecimal digits. */
  public String traceId() {
    return text.substring(3, 35);
  }

  /** 16 hexadecimal digits. */
  public String spanId() {
    return text.substring(36, 52);
  }

  /** 2 hexadecimal digits. */
  public String flags() {
    return text.substring(53);
  }

  private static TraceParent random() {
    byte[] random = new byte[24];
    RANDOM.nextBytes(random);
    String digits = HexFormat.of().formatHex(random);
    return new TraceParent("00-" + digits.substring(0, 32) + "-" + digits.substring(32) + "-00");
  }
}
