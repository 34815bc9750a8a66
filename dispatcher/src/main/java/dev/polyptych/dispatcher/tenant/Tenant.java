package dev.polyptych.dispatcher.tenant;

import dev.polyptych.schema.job.TenantId;
import dev.polyptych.store.Quotas;
import java.util.Optional;

/**
 * A group of callers that sees only its own jobs.
 *
 * @param operator whether what it registers is for all tenants, and not its own
 */
public record Tenant(String id, Quotas quotas, boolean operator) {
  /** Whose it is what the tenant registers; empty for all tenants. */
  public Optional<String> owner() {
    return operator ? Optional.empty() : Optional.of(id);
  }

  /** All callers of a dispatcher without keys. */
  public static final Tenant DEFAULT = new Tenant(TenantId.DEFAULT, Quotas.UNLIMITED, true);
}
