package dev.polyptych.dispatcher.tenant;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All tenants.
 *
 * @param open whether all callers are one tenant, and no key is needed
 * @param byDigest tenants by the {@link ApiKey#digest digests} of their keys
 */
public record Tenants(boolean open, Map<String, Tenant> byDigest) {
  /** All callers are {@link Tenant#DEFAULT}. */
  public static final Tenants OPEN = new Tenants(true, Map.of());

  public Tenants {
    byDigest = Map.copyOf(byDigest);
  }

  /**
   * The tenant of a key; empty for an unknown key.
   *
   * @param key as the caller sent it; empty for none
   */
  public Optional<Tenant> caller(Optional<String> key) {
    return open
        ? Optional.of(Tenant.DEFAULT)
        : key.map(ApiKey::digest).flatMap(digest -> Optional.ofNullable(byDigest.get(digest)));
  }

  /** The ids of all tenants. */
  public Set<String> ids() {
    return open
        ? Set.of(Tenant.DEFAULT.id())
        : byDigest.values().stream().map(Tenant::id).collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    return open ? "open to everybody" : byDigest.values().stream().distinct().count() + " tenants";
  }
}
