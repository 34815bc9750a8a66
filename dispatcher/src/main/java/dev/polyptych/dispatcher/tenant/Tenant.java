package dev.polyptych.dispatcher.tenant;

import dev.polyptych.schema.job.TenantId;
import dev.polyptych.store.Quotas;

/** A group of callers that sees only its own jobs. */
public record Tenant(String id, Quotas quotas) {
  /** All callers of a dispatcher without keys. */
  public static final Tenant DEFAULT = new Tenant(TenantId.DEFAULT, Quotas.UNLIMITED);
}
