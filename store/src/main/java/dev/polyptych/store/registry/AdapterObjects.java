package dev.polyptych.store.registry;

/** Where the bytes of adapters are in the object store. */
public final class AdapterObjects {
  private AdapterObjects() {}

  /** The key of an adapter's bytes. */
  public static String key(String sha256) {
    return RegistryKeys.bytes(sha256);
  }
}
