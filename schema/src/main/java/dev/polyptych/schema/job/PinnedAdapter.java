package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.schema.registry.AdapterReference;
import dev.polyptych.schema.registry.ScaledAdapter;
import java.util.List;
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

  /** The same with another strength. */
  public PinnedAdapter at(double other) {
    return new PinnedAdapter(name, version, digest, other);
  }

  /** What makes a worker warm for them: their ids in order, whatever their strengths. */
  public static String key(List<PinnedAdapter> adapters) {
    return new AdapterSet(adapters.stream().map(PinnedAdapter::id).toList()).key();
  }

  /** For people: {@code name@version}, or the name of one that is not registered. */
  public String label() {
    return version.map(number -> name + "@" + number).orElse(name);
  }

  /** What finds the same adapter again. */
  ScaledAdapter wanted() {
    AdapterReference reference =
        version
            .map(number -> AdapterReference.version(name, number))
            .orElseGet(() -> AdapterReference.newest(name));
    return new ScaledAdapter(reference, scale);
  }

  /** What workers keep it under: its digest, or its name. */
  public String id() {
    return digest.orElse(name);
  }
}
