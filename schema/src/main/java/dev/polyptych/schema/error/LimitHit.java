package dev.polyptych.schema.error;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A limit that a request would exceed.
 *
 * @param value the limit
 * @param used current use
 * @param retryAfterSeconds seconds to wait before a retry of the same request; at least 1
 */
public record LimitHit(Limit name, double value, double used, long retryAfterSeconds) {
  /** What happened, in numbers, and what to do. */
  String detail() {
    return "%s: %s of %s are used; send it again in %d s"
        .formatted(name.text(), number(used), number(value), retryAfterSeconds);
  }

  private static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    return rounded.stripTrailingZeros().toPlainString();
  }
}
