package dev.polyptych.dispatcher.tenant;

import dev.polyptych.schema.job.TenantId;
import dev.polyptych.store.Quotas;

/** Whose jobs are told apart from everybody else's. */
public record Tenant(String id, Quotas quotas) {
  /** Everybody, where callers are not told apart. */
  public static final Tenant DEFAULT = new Tenant(TenantId.DEFAULT, Quotas.UNLIMITED);
}
