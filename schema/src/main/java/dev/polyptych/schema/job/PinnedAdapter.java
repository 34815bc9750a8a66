package dev.polyptych.schema.job;

import java.util.Optional;

/**
 * An adapter that a job draws with.
 *
 * @param name as people know it
 * @param version number of the registered version of that name; empty for an adapter that is not
 *     registered
 * @param digest SHA-256 of its bytes in hexadecimal; empty for an adapter that is not registered:
 *     each worker draws with the file of that name that it has
 * @param scale its strength, 1 as tuned
 */
public record PinnedAdapter(
    String name, Optional<Integer> version, Optional<String> digest, double scale) {
  public PinnedAdapter {
    version = version == null ? Optional.empty() : version;
    digest = digest == null ? Optional.empty() : digest;
  }

  /** An adapter that is known by its name alone. */
  public static PinnedAdapter named(String name, double scale) {
    return new PinnedAdapter(name, Optional.empty(), Optional.empty(), scale);
  }

  /** A choice that finds the same adapter again. */
  AdapterChoice choice() {
    return new AdapterChoice(version.map(number -> name + "@" + number).orElse(name), scale);
  }

  /** What workers keep it under: its digest, or its name. */
  public String id() {
    return digest.orElse(name);
  }
}
