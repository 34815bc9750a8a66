package dev.polyptych.store.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.AdapterContent;
import dev.polyptych.schema.registry.AdapterReference;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.BaseVersion;
import dev.polyptych.schema.registry.ScaledAdapter;
import dev.polyptych.schema.registry.TaskVersion;
import dev.polyptych.store.registry.RegistryKeys.Kind;
import dev.polyptych.store.registry.RegistryKeys.Named;
import dev.polyptych.store.registry.RegistryKeys.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry at one edition. A removed version is not seen. A tenant sees its own versions and
 * the shared ones; its own name hides the shared one of the same base, with all its versions.
 * Several bases may have an adapter or task of one name: they share the running number, and a
 * look-up says which base is meant. Immutable; any thread.
 */
public final class RegistryView {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryView.class);
  private static final Comparator<Named> BY_NAME = Comparator.comparing(Named::name);

  private final String edition;
  private final Map<Named, NavigableMap<Integer, AdapterVersion>> adapters = new HashMap<>();
  private final Map<Named, NavigableMap<Integer, TaskVersion>> tasks = new HashMap<>();
  private final Map<Named, NavigableMap<Integer, BaseVersion>> bases = new TreeMap<>(BY_NAME);
  private final Map<Version, Instant> removals = new HashMap<>();

  private RegistryView(String edition) {
    this.edition = edition;
  }

  /** Reads manifests by their keys. It passes over those that it can't read. */
  static RegistryView of(String edition, Map<String, String> manifests) {
    RegistryView view = new RegistryView(edition);
    manifests.forEach(
        (key, json) ->
            Version.of(key)
                .ifPresent(
                    version -> {
                      try {
                        view.add(version, json, manifests);
                      } catch (JsonProcessingException | IllegalArgumentException unreadable) {
                        LOG.warn(
                            "the registry's {} is passed over: {}", key, unreadable.toString());
                      }
                    }));
    return view;
  }

  private void add(Version version, String json, Map<String, String> manifests)
      throws JsonProcessingException {
    if (version.removal()) {
      removals.put(version, Json.mapper().readValue(json, Removal.class).removedAt());
      return;
    }
    switch (version.named().kind()) {
      case BASES -> put(bases, version, Json.mapper().readValue(json, BaseVersion.class));
      case TASKS -> put(tasks, version, Json.mapper().readValue(json, TaskVersion.class));
      case ADAPTERS -> {
        AdapterVersion adapter = Json.mapper().readValue(json, AdapterVersion.class);
        String content = manifests.get(RegistryKeys.content(adapter.sha256()));
        put(
            adapters,
            version,
            adapter.with(
                content == null
                    ? Optional.empty()
                    : Optional.of(Json.mapper().readValue(content, AdapterContent.class))));
      }
    }
  }

  private static <T> void put(
      Map<Named, NavigableMap<Integer, T>> versions, Version version, T value) {
    versions
        .computeIfAbsent(version.named(), named -> new TreeMap<>())
        .put(version.number(), value);
  }

  /** Differs from that of every other content of the registry. */
  public String edition() {
    return edition;
  }

  /** The newest declaration of a base; empty if it was removed. */
  public Optional<BaseVersion> base(String id) {
    return newest(new Named(Kind.BASES, Optional.empty(), id));
  }

  /** The newest declarations of all bases, by id. */
  public List<BaseVersion> bases() {
    return bases.keySet().stream().flatMap(named -> newest(named).stream()).toList();
  }

  private Optional<BaseVersion> newest(Named base) {
    return Optional.ofNullable(bases.get(base))
        .map(NavigableMap::lastEntry)
        .filter(version -> !removed(base, version.getKey()))
        .map(Map.Entry::getValue);
  }

  /**
   * The version that a reference means to a tenant; empty if it sees none.
   *
   * @param tenant empty for one that sees shared ones only
   */
  public Optional<AdapterVersion> adapter(
      Optional<String> tenant, AdapterReference reference, String base) {
    Predicate<AdapterVersion> ofBase = adapter -> adapter.base().equals(base);
    if (reference.name().isEmpty()) {
      return scopes(tenant)
          .flatMap(scope -> digest(scope, reference.sha256().orElseThrow()).filter(ofBase))
          .findFirst();
    }
    List<AdapterVersion> versions =
        seen(adapters, Kind.ADAPTERS, tenant, reference.name().get(), ofBase);
    return versions.reversed().stream()
        .filter(
            adapter ->
                reference.number().isEmpty() || reference.number().getAsInt() == adapter.number())
        .findFirst();
  }

  /** The version that a task draws with, as the task's owner sees it. */
  public Optional<AdapterVersion> adapter(TaskVersion task, ScaledAdapter use) {
    return adapter(task.owner(), use.reference(), task.base());
  }

  /** The newest version of each adapter of each base that a tenant sees, by name. */
  public List<AdapterVersion> adapters(Optional<String> tenant) {
    return newest(adapters, tenant, AdapterVersion::base);
  }

  /** All versions of an adapter that a tenant sees, oldest first. */
  public List<AdapterVersion> adapterVersions(Optional<String> tenant, String name) {
    return seen(adapters, Kind.ADAPTERS, tenant, name, any -> true);
  }

  /** The newest version of a task of a base that a tenant sees. */
  public Optional<TaskVersion> task(Optional<String> tenant, String id, String base) {
    return last(seen(tasks, Kind.TASKS, tenant, id, task -> task.base().equals(base)));
  }

  /** The newest version of a task, of whichever base, that a tenant sees. */
  public Optional<TaskVersion> task(Optional<String> tenant, String id) {
    return last(taskVersions(tenant, id));
  }

  /** The newest version of each task of each base that a tenant sees, by id. */
  public List<TaskVersion> tasks(Optional<String> tenant) {
    return newest(tasks, tenant, TaskVersion::base);
  }

  /** All versions of a task that a tenant sees, oldest first. */
  public List<TaskVersion> taskVersions(Optional<String> tenant, String id) {
    return seen(tasks, Kind.TASKS, tenant, id, any -> true);
  }

  /** All versions of a name and owner, removed ones too. */
  NavigableMap<Integer, AdapterVersion> everyAdapter(Named named) {
    return adapters.getOrDefault(named, new TreeMap<>());
  }

  NavigableMap<Integer, TaskVersion> everyTask(Named named) {
    return tasks.getOrDefault(named, new TreeMap<>());
  }

  NavigableMap<Integer, BaseVersion> everyBase(Named named) {
    return bases.getOrDefault(named, new TreeMap<>());
  }

  boolean removed(Named named, int number) {
    return removals.containsKey(new Version(named, number, true));
  }

  /** Whether a version that is not removed names these bytes. */
  boolean live(String sha256) {
    return versionsOf(sha256).anyMatch(version -> !removals.containsKey(version));
  }

  /** When the last version with these bytes was removed; empty if none was. */
  Optional<Instant> removedAt(String sha256) {
    return versionsOf(sha256).map(removals::get).filter(Objects::nonNull).max(Instant::compareTo);
  }

  /** Keys of removals of all versions with these bytes. */
  private Stream<Version> versionsOf(String sha256) {
    return adapters.entrySet().stream()
        .flatMap(
            named ->
                named.getValue().values().stream()
                    .filter(adapter -> adapter.sha256().equals(sha256))
                    .map(adapter -> new Version(named.getKey(), adapter.number(), true)));
  }

  /**
   * The names and numbers of all adapters that a tenant sees, by digest. Of several names of the
   * same bytes it is one.
   */
  public Map<String, String> adapterNames(Optional<String> tenant) {
    Map<String, String> names = new HashMap<>();
    scopes(tenant)
        .forEach(
            scope ->
                adapters.keySet().stream()
                    .filter(named -> named.owner().equals(scope))
                    .flatMap(named -> live(adapters, named).stream())
                    .forEach(
                        adapter ->
                            names.putIfAbsent(adapter.sha256(), adapter.reference().toString())));
    return names;
  }

  private Stream<AdapterVersion> digest(Optional<String> scope, String sha256) {
    return adapters.keySet().stream()
        .filter(named -> named.owner().equals(scope))
        .flatMap(named -> live(adapters, named).stream())
        .filter(adapter -> adapter.sha256().equals(sha256));
  }

  private static Stream<Optional<String>> scopes(Optional<String> tenant) {
    return Stream.of(tenant, Optional.<String>empty()).distinct();
  }

  private <T> List<T> seen(
      Map<Named, NavigableMap<Integer, T>> all,
      Kind kind,
      Optional<String> tenant,
      String name,
      Predicate<T> wanted) {
    return scopes(tenant)
        .map(scope -> live(all, new Named(kind, scope, name)).stream().filter(wanted).toList())
        .filter(versions -> !versions.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private <T> Collection<T> live(Map<Named, NavigableMap<Integer, T>> all, Named named) {
    List<T> live = new ArrayList<>();
    all.getOrDefault(named, new TreeMap<>())
        .forEach(
            (number, version) -> {
              if (!removed(named, number)) {
                live.add(version);
              }
            });
    return live;
  }

  private <T> List<T> newest(
      Map<Named, NavigableMap<Integer, T>> all, Optional<String> tenant, Function<T, String> base) {
    Map<String, T> byNameAndBase = new TreeMap<>();
    // Shared ones first, so that a tenant's own replace them.
    scopes(tenant)
        .toList()
        .reversed()
        .forEach(
            scope ->
                all.keySet().stream()
                    .filter(named -> named.owner().equals(scope))
                    .forEach(
                        named ->
                            live(all, named)
                                .forEach(
                                    version ->
                                        byNameAndBase.put(
                                            named.name() + "+" + base.apply(version), version))));
    return List.copyOf(byNameAndBase.values());
  }

  private static <T> Optional<T> last(List<T> versions) {
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
  }
}
