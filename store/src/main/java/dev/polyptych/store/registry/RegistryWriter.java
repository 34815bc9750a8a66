package dev.polyptych.store.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.polyptych.schema.json.Json;
import dev.polyptych.schema.registry.AdapterContent;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.schema.registry.BaseVersion;
import dev.polyptych.schema.registry.TaskDraft;
import dev.polyptych.schema.registry.TaskVersion;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.registry.RegistryKeys.Kind;
import dev.polyptych.store.registry.RegistryKeys.Named;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Writes the registry. Any number of processes may write at the same time: the object store decides
 * who gets a number, since it creates each manifest only once.
 *
 * <p>Bytes come first, then the manifest, then the index. So a version that anybody sees is whole,
 * and a writer that stops in between leaves at most bytes that the sweep deletes, or a version that
 * the next attempt or {@link Registry#rebuild} shows. All methods block, may be repeated, and throw
 * {@link ObjectsUnavailableException} or {@link dev.polyptych.store.StoreUnavailableException} when
 * a store does not answer.
 */
public final class RegistryWriter {
  private static final int MOST_TRIES = 100;

  private final ObjectStore objects;
  private final Registry registry;
  private final Clock clock;
  private final SweepMarks marks;

  public RegistryWriter(ObjectStore objects, Registry registry, Clock clock) {
    this.objects = objects;
    this.registry = registry;
    this.clock = clock;
    this.marks = new SweepMarks(objects, clock);
  }

  /**
   * Stores the bytes and makes a version of them. The same bytes for the same base under the same
   * name are the same version, which is seen again if it was removed.
   *
   * @throws IllegalArgumentException naming the wrong field
   */
  public AdapterVersion addAdapter(AdapterUpload upload) {
    storeBytes(upload);
    AdapterVersion version =
        adapter(
            new AdapterVersion(
                AdapterVersion.VERSION,
                upload.name(),
                1,
                upload.base(),
                upload.sha256(),
                upload.source(),
                upload.owner(),
                now(),
                Optional.empty()));
    keepBytes(upload);
    show(
        named(version),
        version.number(),
        Map.of(
            named(version).manifest(version.number()),
            json(version),
            RegistryKeys.content(upload.sha256()),
            json(upload.content())));
    return version.with(Optional.of(upload.content()));
  }

  /**
   * Makes a version whose bytes somebody fetches later. The same digest for the same base under the
   * same name is the same version.
   *
   * @param sha256 that the bytes must have
   * @throws IllegalArgumentException naming the wrong field
   */
  public AdapterVersion declareAdapter(
      String name, Optional<String> owner, String base, String sha256, String source) {
    AdapterVersion version =
        adapter(
            new AdapterVersion(
                AdapterVersion.VERSION,
                name,
                1,
                base,
                sha256,
                Optional.of(source),
                owner,
                now(),
                Optional.empty()));
    marks.awaitNone(sha256);
    Map<String, String> set = new HashMap<>();
    set.put(named(version).manifest(version.number()), json(version));
    Set<String> deleted = new TreeSet<>(Set.of(named(version).removal(version.number())));
    String key = RegistryKeys.content(sha256);
    Optional<AdapterContent> content = read(key, AdapterContent.class);
    content.ifPresentOrElse(known -> set.put(key, json(known)), () -> deleted.add(key));
    registry.publish(set, deleted);
    if (content.isEmpty() && objects.size(key).isPresent()) {
      // The bytes came just now, perhaps before the index forgot them.
      registry.rebuild();
    }
    return version.with(content);
  }

  /**
   * Makes a version of a task. If the newest version of this base says the same, it is that one,
   * which is seen again if it was removed.
   *
   * @param owner the tenant whose it is; empty for all tenants
   */
  public TaskVersion putTask(TaskDraft draft, Optional<String> owner) {
    Named named = new Named(Kind.TASKS, owner, draft.task().id());
    Predicate<TaskVersion> same = task -> task.draft().equals(draft);
    TaskVersion version =
        version(
            named,
            TaskVersion.class,
            view -> current(view, named, draft.base()).stream().filter(same).findFirst(),
            same,
            view -> view.everyTask(named),
            number ->
                new TaskVersion(
                    TaskVersion.VERSION,
                    number,
                    draft.base(),
                    draft.task(),
                    owner,
                    now(),
                    draft.adapters()));
    objects.delete(named.removal(version.number()));
    RegistryView view = registry.view();
    if (view.removed(named, version.number())
        || !view.everyTask(named).containsKey(version.number())) {
      show(named, version.number(), Map.of(named.manifest(version.number()), json(version)));
    }
    return version;
  }

  /** The newest version of a base that is seen, and the newest of all. */
  private static List<TaskVersion> current(RegistryView view, Named named, String base) {
    List<TaskVersion> newestFirst =
        view.everyTask(named).descendingMap().values().stream()
            .filter(task -> task.base().equals(base))
            .toList();
    List<TaskVersion> current = new ArrayList<>();
    newestFirst.stream()
        .filter(task -> !view.removed(named, task.number()))
        .findFirst()
        .ifPresent(current::add);
    newestFirst.stream().findFirst().ifPresent(current::add);
    return current;
  }

  /** Makes a version of a base. If the newest version says the same, it is that one. */
  public BaseVersion putBase(BaseDeclaration declaration) {
    Named named = new Named(Kind.BASES, Optional.empty(), declaration.id());
    Predicate<BaseVersion> same = base -> base.base().equals(declaration);
    BaseVersion version =
        version(
            named,
            BaseVersion.class,
            view -> view.base(declaration.id()).filter(same),
            same,
            view -> view.everyBase(named),
            number -> new BaseVersion(BaseVersion.VERSION, number, declaration, now()));
    if (!registry.view().everyBase(named).containsKey(version.number())) {
      show(named, version.number(), Map.of(named.manifest(version.number()), json(version)));
    }
    return version;
  }

  /**
   * Hides versions of an adapter from new jobs. A sweep deletes their bytes later.
   *
   * @param number of the version; empty for all
   * @return what was removed now; empty if there is nothing to remove
   */
  public List<AdapterVersion> removeAdapter(
      Optional<String> owner, String name, OptionalInt number) {
    registry.rebuild();
    Named named = new Named(Kind.ADAPTERS, owner, name);
    return removed(named, registry.view().everyAdapter(named), number);
  }

  /**
   * Hides versions of a task from new jobs.
   *
   * @param number of the version; empty for all
   * @return what was removed now; empty if there is nothing to remove
   */
  public List<TaskVersion> removeTask(Optional<String> owner, String id, OptionalInt number) {
    registry.rebuild();
    Named named = new Named(Kind.TASKS, owner, id);
    return removed(named, registry.view().everyTask(named), number);
  }

  /**
   * Hides a base from new jobs. Its adapters and tasks stay, and are seen again when it is declared
   * again.
   *
   * @return what was removed now; empty if there is nothing to remove
   */
  public List<BaseVersion> removeBase(String id) {
    registry.rebuild();
    Named named = new Named(Kind.BASES, Optional.empty(), id);
    return removed(named, registry.view().everyBase(named), OptionalInt.empty());
  }

  private <T> List<T> removed(Named named, NavigableMap<Integer, T> versions, OptionalInt number) {
    RegistryView view = registry.view();
    String removal = json(new Removal(1, now()));
    Map<String, String> set = new HashMap<>();
    List<T> removed = new ArrayList<>();
    versions.forEach(
        (each, version) -> {
          boolean wanted = number.isEmpty() || number.getAsInt() == each;
          if (wanted && !view.removed(named, each)) {
            objects.put(named.removal(each), ObjectTexts.content(removal));
            set.put(named.removal(each), removal);
            removed.add(version);
          }
        });
    if (!set.isEmpty()) {
      registry.publish(set, Set.of());
    }
    return removed;
  }

  /** The version of these bytes that there is, or a new one. It is no longer removed. */
  private AdapterVersion adapter(AdapterVersion first) {
    Named named = named(first);
    Predicate<AdapterVersion> same =
        version -> version.sha256().equals(first.sha256()) && version.base().equals(first.base());
    AdapterVersion version =
        version(
            named,
            AdapterVersion.class,
            view ->
                view.everyAdapter(named).values().stream()
                    .filter(same)
                    .findFirst()
                    .map(found -> found.with(Optional.empty())),
            same,
            view -> view.everyAdapter(named),
            first::numbered);
    objects.delete(named.removal(version.number()));
    return version;
  }

  /**
   * The version that there is, or a new one. The object store gives a number only once. Where it
   * has a manifest that the index lacks, the index is corrected first.
   *
   * @param existing finds the version in the index
   * @param same whether a manifest of another writer is that version
   */
  private <T> T version(
      Named named,
      Class<T> type,
      Function<RegistryView, Optional<T>> existing,
      Predicate<T> same,
      Function<RegistryView, NavigableMap<Integer, T>> every,
      IntFunction<T> made) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      RegistryView view = registry.view();
      Optional<T> found = existing.apply(view);
      if (found.isPresent()) {
        return found.get();
      }
      NavigableMap<Integer, T> known = every.apply(view);
      int number = known.isEmpty() ? 1 : known.lastKey() + 1;
      T version = made.apply(number);
      if (objects.create(named.manifest(number), ObjectTexts.content(json(version)))) {
        return version;
      }
      Optional<T> taken = read(named.manifest(number), type);
      if (taken.filter(same).isPresent()) {
        return taken.get();
      }
      registry.rebuild();
    }
    throw new ObjectsUnavailableException(
        objects.where() + " creates no manifest of " + named.name() + "; try again", null);
  }

  private void storeBytes(AdapterUpload upload) {
    try {
      ObjectContent bytes = ObjectContent.of(upload.file(), "application/octet-stream");
      if (bytes.length() != upload.content().bytes()) {
        throw new IllegalArgumentException(
            "bytes: the file has %d, not %d".formatted(bytes.length(), upload.content().bytes()));
      }
      objects.put(RegistryKeys.bytes(upload.sha256()), bytes);
    } catch (IOException unreadable) {
      throw new ObjectsUnavailableException(
          "the adapter's file can't be read: " + unreadable.getMessage(), unreadable);
    }
    objects.put(RegistryKeys.content(upload.sha256()), ObjectTexts.content(json(upload.content())));
  }

  /**
   * A sweep that began before the version was there may delete its bytes. One that begins later
   * sees the version.
   */
  private void keepBytes(AdapterUpload upload) {
    marks.awaitNone(upload.sha256());
    boolean there =
        objects.size(RegistryKeys.bytes(upload.sha256())).isPresent()
            && objects.size(RegistryKeys.content(upload.sha256())).isPresent();
    if (!there) {
      storeBytes(upload);
    }
  }

  private void show(Named named, int number, Map<String, String> set) {
    registry.publish(set, new TreeSet<>(Set.of(named.removal(number))));
  }

  private static Named named(AdapterVersion version) {
    return new Named(Kind.ADAPTERS, version.owner(), version.name());
  }

  private <T> Optional<T> read(String key, Class<T> type) {
    return ObjectTexts.read(objects, key)
        .map(
            json -> {
              try {
                return Json.mapper().readValue(json, type);
              } catch (JsonProcessingException broken) {
                throw new ObjectsUnavailableException(
                    objects.where() + " holds a broken " + key + ": restore or delete it", broken);
              }
            });
  }

  private static String json(Object manifest) {
    return new String(Json.bytes(manifest), UTF_8);
  }

  /** To the millisecond, so that JSON of every version keeps it. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
