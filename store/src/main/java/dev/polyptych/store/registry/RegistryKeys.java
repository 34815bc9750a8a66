package dev.polyptych.store.registry;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The registry's keys in the object store. */
final class RegistryKeys {
  /** Before the keys of all manifests. */
  static final String MANIFESTS = "registry/";

  /** Before the keys of all bytes of adapters. */
  static final String ADAPTERS = "adapters/";

  private static final String SHARED = "shared";
  private static final String TENANTS = "tenants/";
  private static final String JSON = ".json";
  private static final String REMOVED = ".removed";
  private static final String SWEEPING = ".sweeping";

  private static final Pattern VERSION =
      Pattern.compile(
          "(?:registry/(adapters|tasks)/(shared|tenants/([^/]+))|registry/(bases))/([^/]+)/([1-9][0-9]{0,8})\\.(json|removed)");
  private static final Pattern BYTES = Pattern.compile("adapters/([0-9a-f]{64})(\\.[a-z]+)?");

  private RegistryKeys() {}

  /** What a manifest is of. */
  enum Kind {
    BASES,
    ADAPTERS,
    TASKS;

    String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What has numbered versions.
   *
   * @param owner empty for all tenants
   */
  record Named(Kind kind, Optional<String> owner, String name) {
    String manifest(int number) {
      return prefix() + number + JSON;
    }

    String removal(int number) {
      return prefix() + number + REMOVED;
    }

    private String prefix() {
      String scope = owner.map(tenant -> TENANTS + tenant).orElse(SHARED) + "/";
      return MANIFESTS + kind.folder() + "/" + (kind == Kind.BASES ? "" : scope) + name + "/";
    }
  }

  /**
   * A key of a manifest or of a removal.
   *
   * @param removal whether it hides the version
   */
  record Version(Named named, int number, boolean removal) {
    /** Empty for any other key. */
    static Optional<Version> of(String key) {
      Matcher parts = VERSION.matcher(key);
      if (!parts.matches()) {
        return Optional.empty();
      }
      Kind kind =
          parts.group(4) != null
              ? Kind.BASES
              : Kind.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
      Named named = new Named(kind, Optional.ofNullable(parts.group(3)), parts.group(5));
      return Optional.of(
          new Version(named, Integer.parseInt(parts.group(6)), parts.group(7).equals("removed")));
    }
  }

  /** The bytes of an adapter. */
  static String bytes(String sha256) {
    return ADAPTERS + sha256;
  }

  /** What is known of an adapter's bytes. It is there only while they are. */
  static String content(String sha256) {
    return bytes(sha256) + JSON;
  }

  /** Says that a sweep is about to delete an adapter's bytes. */
  static String sweeping(String sha256) {
    return bytes(sha256) + SWEEPING;
  }

  /** The digest in a key of {@link #bytes}, {@link #content} or {@link #sweeping}. */
  static Optional<String> digest(String key) {
    Matcher parts = BYTES.matcher(key);
    return parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
  }

  /** Whether the key's object belongs into the index: manifests, removals and contents. */
  static boolean indexed(String key) {
    return Version.of(key).isPresent()
        || digest(key).map(RegistryKeys::content).filter(key::equals).isPresent();
  }
}
