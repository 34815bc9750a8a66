package dev.polyptych.schema.error;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A limit that a request would exceed.
 *
 * @param value the limit
 * @param used current use
 * @param used current use; where waiting does not help, what the request needs
 * @param retryAfterSeconds seconds to wait before a retry of the same request; 0 where no wait
 *     helps
 */
public record LimitHit(Limit name, double value, double used, long retryAfterSeconds) {
  /** The request alone needs more than the limit. */
  public static LimitHit never(Limit name, double value, double needed) {
    return new LimitHit(name, value, needed, 0);
  }

  /** The code of the problem. */
  ErrorCode code() {
    return retryAfterSeconds == 0 ? ErrorCode.EXCEEDS_QUOTA : name.code();
  }

  /** What happened, in numbers, and what to do. */
  String detail() {
    return retryAfterSeconds == 0
        ? "%s: the request needs %s of %s; send a smaller one, or ask the operator for a larger quota"
            .formatted(name.text(), number(used), number(value))
        : "%s: %s of %s are used; send it again in %d s"
            .formatted(name.text(), number(used), number(value), retryAfterSeconds);
  }

  private static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    return rounded.stripTrailingZeros().toPlainString();
  }
}
