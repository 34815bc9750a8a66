package dev.polyptych.store.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.embedded.RedisServer;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.registry.AdapterContent;
import dev.polyptych.schema.registry.AdapterReference;
import dev.polyptych.schema.registry.AdapterVersion;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.schema.registry.ScaledAdapter;
import dev.polyptych.schema.registry.TaskDraft;
import dev.polyptych.schema.registry.TaskVersion;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectContent;
import dev.polyptych.store.objects.ObjectStore;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

/** What the registry does with every object store. */
abstract class RegistryContract {
  private static final Optional<String> SHARED = Optional.empty();
  private static final Optional<String> STUDIO = Optional.of("Studio_1");
  private static final Optional<String> OTHER = Optional.of("other");
  private static final String NANO = "nano";
  private static final Duration GRACE = Duration.ofHours(1);

  @TempDir private Path folder;
  private RedisServer server;
  private RedisConnection redis;
  private ObjectStore objects;
  private Registry registry;
  private RegistryWriter writer;

  abstract ObjectStore open(Path folder);

  @BeforeEach
  void start() {
    server = RedisServer.start();
    redis = RedisConnection.open(server.uri());
    objects = open(folder.resolve("objects"));
    registry = new Registry(objects, redis);
    writer = writer(objects, registry);
  }

  @AfterEach
  void stop() {
    objects.close();
    redis.close();
    server.close();
  }

  @Test
  void anAdapterIsSeenByEveryDispatcherAtItsNextCall() {
    // Given
    Registry another = new Registry(objects, redis);
    assertEquals(List.of(), another.view().adapters(STUDIO));
    // When
    AdapterVersion added = add("ink", SHARED, "bytes of ink");
    // Then
    assertEquals(1, added.number());
    assertEquals(AdapterVersion.State.HELD, added.state());
    assertEquals(List.of(added), another.view().adapters(STUDIO));
    assertEquals(
        Optional.of("bytes of ink"), ObjectTexts.read(objects, "adapters/" + added.sha256()));
    assertTrue(objects.size("registry/adapters/shared/ink/1.json").isPresent());
  }

  @Test
  void withoutAChangeTheViewIsTheSame() {
    add("ink", SHARED, "a");

    assertSame(registry.view(), registry.view());
  }

  @Test
  void theSameBytesAreTheSameVersionAndOthersTheNext() {
    // Given
    AdapterVersion first = add("ink", SHARED, "a");
    // When
    AdapterVersion again = add("ink", SHARED, "a");
    AdapterVersion second = add("ink", SHARED, "b");
    AdapterVersion forAnother = add("ink", STUDIO, "a");
    // Then
    assertEquals(first, again);
    assertEquals(2, second.number());
    assertEquals(1, forAnother.number());
    assertEquals(List.of(first, second), registry.view().adapterVersions(OTHER, "ink"));
    assertEquals(Optional.of(first), found(OTHER, "ink@1"));
    assertEquals(Optional.of(second), found(OTHER, "ink"));
    assertEquals(Optional.of(second), found(OTHER, "sha256:" + second.sha256()));
    assertEquals(Optional.empty(), found(OTHER, "ink@3"));
    assertEquals(Optional.empty(), found(OTHER, "pen"));
  }

  @Test
  void aTenantSeesSharedOnesAndItsOwnFirst() {
    // Given
    AdapterVersion shared = add("ink", SHARED, "a");
    AdapterVersion wash = add("wash", SHARED, "w");
    AdapterVersion own = add("ink", STUDIO, "b");
    // When
    RegistryView view = registry.view();
    // Then
    assertEquals(List.of(own, wash), view.adapters(STUDIO));
    assertEquals(List.of(shared, wash), view.adapters(OTHER));
    assertEquals(List.of(shared, wash), view.adapters(SHARED));
    assertEquals(Optional.of(own), found(STUDIO, "ink"));
    assertEquals(Optional.empty(), found(OTHER, "sha256:" + own.sha256()));
    assertEquals(Optional.of(shared), found(STUDIO, "sha256:" + shared.sha256()));
  }

  @Test
  void basesMayHaveAdaptersAndTasksOfOneName() {
    // Given
    AdapterVersion nano = add("film", SHARED, "a");
    AdapterVersion flux = writer.addAdapter(upload("film", SHARED, "flux.1-dev", "b"));
    TaskVersion nanoTask = writer.putTask(draft(NANO, "film", "A"), SHARED);
    TaskVersion fluxTask = writer.putTask(draft("flux.1-dev", "film", "A"), SHARED);
    // When
    RegistryView view = registry.view();
    // Then
    assertEquals(List.of(1, 2), List.of(nano.number(), flux.number()));
    assertEquals(Optional.of(nano), found(SHARED, "film"));
    assertEquals(
        Optional.of(flux), view.adapter(SHARED, AdapterReference.newest("film"), "flux.1-dev"));
    assertEquals(Set.of(nano, flux), Set.copyOf(view.adapters(SHARED)));
    assertEquals(Optional.of(nanoTask), view.task(SHARED, "film", NANO));
    assertEquals(Optional.of(fluxTask), view.task(SHARED, "film", "flux.1-dev"));
    assertEquals(nanoTask, writer.putTask(draft(NANO, "film", "A"), SHARED));
    assertEquals(2, view.tasks(SHARED).size());
  }

  @Test
  void aRemovedVersionIsHiddenAndTheSameBytesBringItBack() {
    // Given
    AdapterVersion first = add("ink", SHARED, "a");
    AdapterVersion second = add("ink", SHARED, "b");
    // When
    List<AdapterVersion> removed = writer.removeAdapter(SHARED, "ink", OptionalInt.of(2));
    // Then
    assertEquals(List.of(second), removed);
    assertEquals(Optional.of(first), found(SHARED, "ink"));
    assertEquals(Optional.empty(), found(SHARED, "ink@2"));
    assertEquals(Optional.empty(), found(SHARED, "sha256:" + second.sha256()));
    assertEquals(List.of(), writer.removeAdapter(SHARED, "ink", OptionalInt.of(2)));
    assertEquals(List.of(first), writer.removeAdapter(SHARED, "ink", OptionalInt.empty()));
    assertEquals(List.of(), registry.view().adapters(SHARED));
    assertEquals(second, add("ink", SHARED, "b"));
    assertEquals(Optional.of(second), found(SHARED, "ink"));
    assertEquals(3, add("ink", SHARED, "c").number());
  }

  @Test
  void aDeclaredAdapterIsHeldWhenItsBytesCome() {
    // Given
    String sha256 = sha256("a");
    AdapterVersion declared =
        writer.declareAdapter("ink", SHARED, NANO, sha256, "hf://owner/repo/a.safetensors");
    assertEquals(AdapterVersion.State.DECLARED, declared.state());
    assertEquals(Optional.of(declared), found(SHARED, "ink"));
    // When
    AdapterVersion held = add("ink", SHARED, "a");
    // Then
    assertEquals(1, held.number());
    assertEquals(AdapterVersion.State.HELD, held.state());
    assertEquals(declared.source(), held.source());
    assertEquals(Optional.of(held), found(SHARED, "ink"));
    AdapterVersion again = writer.declareAdapter("ink", SHARED, NANO, sha256, "elsewhere");
    assertEquals(held, again);
  }

  @Test
  void aTaskEqualToTheCurrentOneIsTheSameVersion() {
    // Given
    TaskVersion first = writer.putTask(draft(NANO, "film", "A"), SHARED);
    String edition = registry.view().edition();
    // When, Then
    assertEquals(first, writer.putTask(draft(NANO, "film", "A"), SHARED));
    assertEquals(edition, registry.view().edition(), "nothing was written");
    TaskVersion second = writer.putTask(draft(NANO, "film", "B"), SHARED);
    TaskVersion third = writer.putTask(draft(NANO, "film", "A"), SHARED);
    assertEquals(List.of(1, 2, 3), List.of(first.number(), second.number(), third.number()));
    assertEquals(Optional.of(third), registry.view().task(SHARED, "film"));
    assertEquals(List.of(first, second, third), registry.view().taskVersions(SHARED, "film"));
  }

  @Test
  void aRemovedTaskComesBackAsTheSameVersion() {
    // Given
    TaskVersion first = writer.putTask(draft(NANO, "film", "A"), SHARED);
    TaskVersion second = writer.putTask(draft(NANO, "film", "B"), SHARED);
    // When, Then
    assertEquals(List.of(second), writer.removeTask(SHARED, "film", OptionalInt.of(2)));
    assertEquals(Optional.of(first), registry.view().task(SHARED, "film"));
    assertEquals(first, writer.putTask(draft(NANO, "film", "A"), SHARED));
    assertEquals(second, writer.putTask(draft(NANO, "film", "B"), SHARED));
    assertEquals(Optional.of(second), registry.view().task(SHARED, "film"));
    assertEquals(List.of(first, second), writer.removeTask(SHARED, "film", OptionalInt.empty()));
    assertEquals(List.of(), registry.view().tasks(SHARED));
  }

  @Test
  void aSharedTaskDrawsWithTheSharedAdapterForEveryTenant() {
    // Given
    AdapterVersion shared = add("ink", SHARED, "a");
    add("ink", STUDIO, "b");
    ScaledAdapter use = new ScaledAdapter(AdapterReference.newest("ink"), 0.5);
    TaskDraft draft =
        new TaskDraft(NANO, draft(NANO, "film", "A").task(), Optional.of(List.of(use)));
    // When
    TaskVersion task = writer.putTask(draft, SHARED);
    // Then
    RegistryView view = registry.view();
    TaskVersion seen = view.task(STUDIO, "film").orElseThrow();
    assertEquals(task, seen);
    assertEquals(Optional.of(shared), view.adapter(seen, seen.uses().getFirst()));
  }

  @Test
  void aBaseHasVersionsToo() {
    BaseDeclaration nano = BaseDeclaration.builtIn(NANO);
    BaseDeclaration changed =
        new BaseDeclaration(
            NANO,
            "another note",
            nano.largestSheetPixels(),
            nano.tokenEdge(),
            List.of("ab".repeat(32)),
            Optional.of(8),
            nano.transformer());

    assertEquals(1, writer.putBase(nano).number());
    assertEquals(1, writer.putBase(nano).number());
    assertEquals(2, writer.putBase(changed).number());
    assertEquals(Optional.of(changed), registry.view().base(NANO).map(base -> base.base()));
    assertEquals(1, registry.view().bases().size());
    assertEquals(Optional.empty(), registry.view().base("flux.1-dev"));
  }

  @Test
  void twoWritersNeverGiveTwoContentsOneNumber() throws Exception {
    // Given
    List<Callable<AdapterVersion>> uploads = new ArrayList<>();
    for (int writers = 0; writers < 12; writers++) {
      RegistryWriter one = writer(objects, new Registry(objects, redis));
      AdapterUpload upload = upload("ink", SHARED, NANO, "content " + writers % 4);
      uploads.add(() -> one.addAdapter(upload));
    }
    // When
    List<AdapterVersion> versions = inParallel(uploads);
    // Then
    Set<Integer> numbers = new TreeSet<>(versions.stream().map(AdapterVersion::number).toList());
    assertEquals(Set.of(1, 2, 3, 4), numbers);
    assertEquals(
        4,
        versions.stream().map(version -> version.number() + version.sha256()).distinct().count());
    assertEquals(4, registry.view().adapterVersions(SHARED, "ink").size());
  }

  @Test
  void anEmptiedRedisLosesNoName() {
    // Given
    AdapterVersion ink = add("ink", STUDIO, "a");
    add("gone", SHARED, "b");
    writer.removeAdapter(SHARED, "gone", OptionalInt.empty());
    writer.declareAdapter("far", SHARED, NANO, sha256("f"), "https://a.example/f");
    TaskVersion task = writer.putTask(draft(NANO, "film", "A"), SHARED);
    writer.putBase(BaseDeclaration.builtIn(NANO));
    RegistryView before = registry.view();
    // When
    redis.call(UnifiedJedis::flushAll);
    // Then
    for (Registry reader : List.of(registry, new Registry(objects, redis))) {
      RegistryView after = reader.view();
      assertNotEquals(before.edition(), after.edition());
      assertEquals(before.adapters(STUDIO), after.adapters(STUDIO));
      assertEquals(Optional.of(ink), after.adapter(STUDIO, AdapterReference.of("ink"), NANO));
      assertEquals(List.of(task), after.tasks(SHARED));
      assertEquals(before.bases(), after.bases());
    }
    assertFalse(registry.rebuild(), "there is nothing left to correct");
  }

  @Test
  void aWriterAfterAnEmptiedRedisGivesTheNextNumber() {
    // Given
    add("ink", SHARED, "a");
    redis.call(UnifiedJedis::flushAll);
    // When, Then
    assertEquals(2, add("ink", SHARED, "b").number());
    redis.call(UnifiedJedis::flushAll);
    assertEquals(1, add("ink", SHARED, "a").number());
  }

  @Test
  void aRedisThatWentBackIsNoticedByWhoSawMore() {
    // Given
    add("ink", SHARED, "a");
    Map<String, String> old = redis.call(jedis -> jedis.hgetAll(RegistryIndex.MANIFESTS));
    String edition = redis.call(jedis -> jedis.get(RegistryIndex.EDITION));
    AdapterVersion second = add("ink", SHARED, "b");
    RegistryView seen = registry.view();
    // When
    redis.call(
        jedis -> {
          jedis.del(RegistryIndex.MANIFESTS);
          jedis.hset(RegistryIndex.MANIFESTS, old);
          return jedis.set(RegistryIndex.EDITION, edition);
        });
    // Then
    Registry fresh = new Registry(objects, redis);
    assertEquals(1, fresh.view().adapterVersions(SHARED, "ink").size(), "it can't know");
    assertEquals(Optional.of(second), found(SHARED, "ink"));
    assertNotEquals(seen.edition(), registry.view().edition());
    assertEquals(2, fresh.view().adapterVersions(SHARED, "ink").size());
    assertEquals(3, add("ink", SHARED, "c").number());
  }

  @Test
  void afterALossOfWritesARebuildBringsThemBackWithoutAnybodyWhoSawThem() {
    // Given
    add("ink", SHARED, "a");
    add("ink", SHARED, "b");
    redis.call(jedis -> jedis.hdel(RegistryIndex.MANIFESTS, "registry/adapters/shared/ink/2.json"));
    Registry fresh = new Registry(objects, redis);
    // When
    boolean corrected = fresh.rebuild();
    // Then
    assertTrue(corrected);
    assertEquals(2, fresh.view().adapterVersions(SHARED, "ink").size());
  }

  @Test
  void manyReadersOfAnEmptiedRedisMakeItsIndexOnce() throws Exception {
    // Given
    for (int i = 0; i < 20; i++) {
      add("ink-" + i, SHARED, "a" + i);
    }
    redis.call(UnifiedJedis::flushAll);
    // When
    List<Callable<RegistryView>> calls =
        IntStream.range(0, 50).mapToObj(i -> (Callable<RegistryView>) registry::view).toList();
    List<RegistryView> views = inParallel(calls);
    // Then
    assertEquals(1, views.stream().distinct().count());
    assertEquals(20, views.getFirst().adapters(SHARED).size());
  }

  @Test
  void withoutRedisNothingIsSaidToBeThere() {
    // Given
    add("ink", SHARED, "a");
    AtomicBoolean up = new AtomicBoolean(true);
    try (RedisConnection breaker = RedisConnection.open(server.uri(), up::get)) {
      Registry reader = new Registry(objects, breaker);
      reader.view();
      // When
      up.set(false);
      // Then
      assertThrows(StoreUnavailableException.class, reader::view);
    }
  }

  @Test
  void aManifestThatNobodyCanReadHidesNoOther() {
    // Given
    AdapterVersion ink = add("ink", SHARED, "a");
    objects.put("registry/adapters/shared/new/1.json", ObjectTexts.content("{\"v\":2}"));
    objects.put("registry/adapters/shared/broken/1.json", ObjectTexts.content("{"));
    objects.put("registry/adapters/shared/note.txt", ObjectTexts.content("hello"));
    // When
    registry.rebuild();
    // Then
    assertEquals(List.of(ink), registry.view().adapters(SHARED));
  }

  @Test
  void aWriterThatStopsAnywhereLeavesNothingThatAReaderTripsOver() {
    AdapterUpload upload = upload("ink", SHARED, NANO, "bytes of ink");
    int writes = 0;
    for (int last = 0; ; last++) {
      objects.close();
      objects = open(folder.resolve("stopped-" + last));
      redis.call(UnifiedJedis::flushAll);
      registry = new Registry(objects, redis);
      registry.view();
      // Given
      StoppingObjects stopping = new StoppingObjects(objects, last);
      RegistryWriter stopped = writer(stopping, registry);
      // When
      try {
        stopped.addAdapter(upload);
        break;
      } catch (ObjectsUnavailableException expected) {
        writes++;
      }
      // Then
      for (AdapterVersion seen : registry.view().adapters(SHARED)) {
        assertHeldBytesAreThere(seen);
      }
      registry.rebuild();
      for (AdapterVersion seen : registry.view().adapters(SHARED)) {
        assertHeldBytesAreThere(seen);
      }
      AdapterVersion again = writer(objects, registry).addAdapter(upload);
      assertEquals(1, again.number(), "after a stop at write " + last);
      assertEquals(Optional.of(again), found(SHARED, "ink"));
      assertEquals(AdapterVersion.State.HELD, again.state());
    }
    assertTrue(writes >= 3, "bytes, what is known of them, and a manifest");
  }

  @Test
  void aWriterThatStopsBeforeTheIndexIsFinishedByTheNextAttempt() {
    // Given
    AtomicBoolean up = new AtomicBoolean(true);
    try (RedisConnection breaker = RedisConnection.open(server.uri(), up::get)) {
      registry.view();
      ObjectStore thenDown =
          new StoppingObjects(objects, Integer.MAX_VALUE) {
            @Override
            public boolean create(String key, ObjectContent content) {
              boolean created = super.create(key, content);
              up.set(false);
              return created;
            }
          };
      RegistryWriter stopped = writer(thenDown, new Registry(objects, breaker));
      AdapterUpload upload = upload("ink", SHARED, NANO, "a");
      assertThrows(StoreUnavailableException.class, () -> stopped.addAdapter(upload));
      assertEquals(List.of(), registry.view().adapters(SHARED));
      // When
      AdapterVersion other = add("ink", SHARED, "b");
      AdapterVersion again = writer.addAdapter(upload);
      // Then
      assertEquals(2, other.number());
      assertEquals(1, again.number());
      assertEquals(2, registry.view().adapterVersions(SHARED, "ink").size());
    }
  }

  @Test
  void aSweepDeletesOnlyWhatNoVersionNamesAfterTheGrace() throws Exception {
    // Given
    AdapterVersion live = add("live", SHARED, "live");
    AdapterVersion removed = add("removed", SHARED, "removed");
    AdapterVersion twice = add("twice", SHARED, "twice");
    add("also", STUDIO, "twice");
    String orphan = sha256("orphan");
    objects.put("adapters/" + orphan, ObjectTexts.content("orphan"));
    writer.removeAdapter(SHARED, "removed", OptionalInt.empty());
    writer.removeAdapter(SHARED, "twice", OptionalInt.empty());
    AdapterSweep sweep = new AdapterSweep(objects, registry, Clock.systemUTC());
    // When
    List<String> early = sweep.sweep(Instant.now(), GRACE);
    List<String> late = sweep.sweep(Instant.now().plus(GRACE).plusSeconds(5), GRACE);
    // Then
    assertEquals(List.of(), early);
    assertEquals(Set.of(removed.sha256(), orphan), Set.copyOf(late));
    assertEquals(
        Set.of(
            "adapters/" + live.sha256(),
            "adapters/" + live.sha256() + ".json",
            "adapters/" + twice.sha256(),
            "adapters/" + twice.sha256() + ".json"),
        keys("adapters/"));
    AdapterVersion back = writer.declareAdapter("removed", SHARED, NANO, removed.sha256(), "x");
    assertEquals(AdapterVersion.State.DECLARED, back.state());
    assertEquals(Optional.of(back), found(SHARED, "removed"));
    assertEquals(removed, add("removed", SHARED, "removed"));
  }

  @Test
  void aSweepAndUploadsOfTheSameBytesLeaveEveryLiveVersionItsBytes() throws Exception {
    Random random = new Random(3);
    AdapterSweep sweep = new AdapterSweep(objects, registry, Clock.systemUTC());
    for (int round = 0; round < 15; round++) {
      // Given
      add("ink", SHARED, "ink");
      writer.removeAdapter(SHARED, "ink", OptionalInt.empty());
      RegistryWriter one = writer(objects, new Registry(objects, redis));
      AdapterUpload upload = upload("ink", SHARED, NANO, "ink");
      Instant later = Instant.now().plus(GRACE).plusSeconds(60);
      List<Callable<Object>> both = new ArrayList<>();
      both.add(() -> sweep.sweep(later, GRACE));
      both.add(random.nextInt(2), () -> one.addAdapter(upload));
      // When
      inParallel(both);
      // Then
      AdapterVersion version = found(SHARED, "ink").orElseThrow();
      assertEquals(AdapterVersion.State.HELD, version.state());
      assertHeldBytesAreThere(version);
      assertEquals(2, keys("adapters/").size(), "no mark is left");
    }
  }

  @Test
  void anUploadInTheMiddleOfASweepPutsItsBytesThereAgain() throws Exception {
    // Given
    add("ink", SHARED, "ink");
    writer.removeAdapter(SHARED, "ink", OptionalInt.empty());
    AdapterUpload upload = upload("ink", SHARED, NANO, "ink");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<AdapterVersion>> uploads = new ArrayList<>();
      ObjectStore deletesSlowly =
          new StoppingObjects(objects, Integer.MAX_VALUE) {
            @Override
            public void delete(String key) {
              if (key.endsWith(".json")) {
                uploads.add(threads.submit(() -> writer.addAdapter(upload)));
                until(
                    () ->
                        found(SHARED, "ink@1").isPresent()
                            || !keys("registry/")
                                .contains("registry/adapters/shared/ink/1.removed"));
              }
              super.delete(key);
            }
          };
      // When
      List<String> deleted =
          new AdapterSweep(deletesSlowly, registry, Clock.systemUTC())
              .sweep(Instant.now().plus(GRACE).plusSeconds(60), GRACE);
      // Then
      assertEquals(List.of(upload.sha256()), deleted);
      AdapterVersion version = uploads.getFirst().get();
      assertEquals(Optional.of(version), found(SHARED, "ink"));
      assertHeldBytesAreThere(version);
    }
  }

  @Test
  void aSweepThatStopsAnywhereLeavesNothingThatAReaderTripsOver() {
    Clock later = Clock.offset(Clock.systemUTC(), GRACE.multipliedBy(2));
    for (int last = 0; ; last++) {
      // Given
      AdapterVersion ink = add("ink", SHARED, "ink");
      writer.removeAdapter(SHARED, "ink", OptionalInt.empty());
      AdapterSweep stopping =
          new AdapterSweep(new StoppingObjects(objects, last), registry, Clock.systemUTC());
      // When
      boolean stopped = false;
      try {
        stopping.sweep(later.instant(), GRACE);
      } catch (ObjectsUnavailableException expected) {
        stopped = true;
      }
      // Then
      writer.declareAdapter("declared", SHARED, NANO, sha256("other"), "x");
      RegistryWriter next = new RegistryWriter(objects, registry, later);
      AdapterVersion declared = next.declareAdapter("ink", SHARED, NANO, ink.sha256(), "x");
      assertEquals(Optional.of(declared), found(SHARED, "ink"), "after write " + last);
      assertHeldBytesAreThere(declared);
      next.addAdapter(upload("ink", SHARED, NANO, "ink"));
      assertHeldBytesAreThere(found(SHARED, "ink").orElseThrow());
      new AdapterSweep(objects, registry, later).sweep(later.instant(), GRACE);
      assertEquals(2, keys("adapters/").size(), "the mark is gone");
      if (!stopped) {
        assertTrue(last >= 4, "mark, what is known, bytes, mark");
        return;
      }
    }
  }

  @Test
  void anAdapterWhoseSweepLostRedisIsNotTakenForHeld() {
    // Given
    AdapterVersion ink = add("ink", SHARED, "ink");
    writer.removeAdapter(SHARED, "ink", OptionalInt.empty());
    objects.delete("adapters/" + ink.sha256() + ".json");
    objects.delete("adapters/" + ink.sha256());
    // When
    AdapterVersion back = writer.declareAdapter("ink", SHARED, NANO, ink.sha256(), "x");
    // Then
    assertEquals(AdapterVersion.State.DECLARED, back.state());
    assertEquals(Optional.of(back), found(SHARED, "ink"));
  }

  private static void until(BooleanSupplier done) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 30 s");
      }
      Thread.onSpinWait();
    }
  }

  private void assertHeldBytesAreThere(AdapterVersion version) {
    if (version.content().isPresent()) {
      assertEquals(
          OptionalLong.of(version.content().get().bytes()),
          objects.size("adapters/" + version.sha256()),
          version::toString);
    }
  }

  private Optional<AdapterVersion> found(Optional<String> tenant, String reference) {
    return registry.view().adapter(tenant, AdapterReference.of(reference), NANO);
  }

  private AdapterVersion add(String name, Optional<String> owner, String bytes) {
    return writer.addAdapter(upload(name, owner, NANO, bytes));
  }

  private AdapterUpload upload(String name, Optional<String> owner, String base, String bytes) {
    try {
      Path file = Files.writeString(Files.createTempFile(folder, "lora", ""), bytes);
      AdapterContent content = new AdapterContent(bytes.length(), 4, 12);
      return new AdapterUpload(name, owner, base, file, sha256(bytes), content, Optional.empty());
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static RegistryWriter writer(ObjectStore objects, Registry registry) {
    return new RegistryWriter(objects, registry, Clock.systemUTC());
  }

  private static TaskDraft draft(String base, String id, String title) {
    Task film = CatalogFile.builtIn(NANO).task("film-storyboard").orElseThrow();
    Task task =
        new Task(
            id,
            title,
            "film-storyboard",
            film.layout(),
            film.template(),
            film.defaults(),
            film.example(),
            Optional.empty());
    return new TaskDraft(base, task, Optional.empty());
  }

  private Set<String> keys(String prefix) {
    Set<String> keys = new TreeSet<>();
    objects.list(prefix, entry -> keys.add(entry.key()));
    return keys;
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
    List<T> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
    }
    return results;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
