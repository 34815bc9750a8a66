package dev.polyptych.schema.job;

import java.util.regex.Pattern;

/**
 * Names of tenants. They become parts of Redis keys and labels of metrics, so they are short and
 * plain.
 */
public final class TenantId {
  /** Tenant of all callers of a dispatcher without keys, and of records without a tenant. */
  public static final String DEFAULT = "default";

  /** The rule of {@link #valid}, for messages. */
  public static final String RULE = "must be 1 to 64 letters, digits, '-' or '_'";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private TenantId() {}

  public static boolean valid(String text) {
    return text != null && VALID.matcher(text).matches();
  }
}
