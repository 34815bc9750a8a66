package dev.polyptych.engine.adapter;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.adapter.ApplicationPolicy.AdapterCosts;
import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.engine.adapter.AppliedAdapters.Applied;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.schema.catalog.AdapterSet;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.LinearLayer;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tiers and the choice between them, over a device that only keeps a record. */
class AdapterUseTest {
  private static final int STEPS = 10;

  /** Nothing is drawn here. */
  private static final Weights NOTHING = new Weights(null, null, 0);

  /** Merging pays after 15 steps: not for one job, but for two. */
  private static final ApplicationPolicy POLICY =
      new ApplicationPolicy(new AdapterCosts(0.1, 1.5), 1000);

  private final FakeDevice device = new FakeDevice();
  private final Files files = new Files();
  private final HostAdapters host = new HostAdapters(files, 1, Set.of());
  private AdapterUse use = open(POLICY, 2, Set.of());

  @AfterEach
  void everythingIsFreedInTheEnd() {
    use.close();

    assertEquals(List.of(), device.alive);
  }

  @Test
  void keepsTheBranchesUsedLast() {
    for (String id : List.of("a", "b", "a", "c")) {
      use.warm(set(id));
    }

    assertEquals(List.of("a", "c"), device.alive);
    assertEquals(List.of("a", "b", "c"), device.placed);
  }

  @Test
  void keepsWhatIsPinnedOrInUse() {
    use = open(POLICY, 2, Set.of("a"));
    use.warm(set("a"));
    use.warm(set("b"));
    use.warm(set("c"));

    assertEquals(List.of("a", "b", "c"), device.alive);
  }

  @Test
  void drawsOneJobWithTheBranchAndMergesForAStreak() {
    use.warm(set("a"));
    expect("a");
    assertEquals("a at 1.0", drawn(1));
    expect("a", "b", "a");

    assertEquals("merged a at 1.0", drawn(1));
  }

  @Test
  void goesOnWithWhatIsMergedForAsLongAsItFits() {
    use.warm(set("a"));
    expect("a", "a");
    AppliedAdapters merged = use.forRun(List.of(1.0), STEPS);
    expect("a");

    assertSame(merged, use.forRun(List.of(1.0), STEPS));
    assertEquals("a at 0.5", drawn(0.5));
  }

  @Test
  void hasOneMergedAdapterAtMost() {
    expect("a", "a", "b", "b");
    use.warm(set("a"));
    use.forRun(List.of(1.0), STEPS);
    use.warm(set("b"));
    use.forRun(List.of(1.0), STEPS);

    assertEquals(List.of("a", "b", "merged b at 1.0"), device.alive);
  }

  @Test
  void goesOnWithTheBranchWhenMergingFails() {
    use.warm(set("a"));
    expect("a", "a");
    device.full = true;
    assertEquals("a at 1.0", drawn(1));
    device.full = false;

    assertEquals("a at 1.0", drawn(1));
  }

  @Test
  void saysWhereAdaptersAreAndHowManyTheDeviceHasRoomFor() {
    assertEquals(0, use.deviceSlots());
    use = open(POLICY, 3, Set.of());
    expect("a", "a", "b");
    use.warm(set("b"));
    use.warm(set("a"));
    use.forRun(List.of(1.0), STEPS);

    assertEquals(List.of("a"), use.merged());
    assertEquals(Set.of("a", "b"), Set.copyOf(use.onDevice()));
    assertEquals(List.of("a", "b", "c", "z"), use.onDisk());
    assertEquals(2, use.deviceSlots());
  }

  @Test
  void anAdapterIsBroughtToTheDeviceOnceForAJob() {
    use.warm(set("a"));
    use.forRun(List.of(1.0), STEPS);
    use.forRun(List.of(1.0), STEPS);

    assertEquals(List.of("a"), device.placed);
    assertEquals(Optional.of(set("a")), use.warm());
  }

  @Test
  void theWarmAdapterStaysWhenAnotherCannotBeRead() {
    use.warm(set("a"));

    assertThrows(AdapterException.class, () -> use.warm(set("unreadable")));
    assertEquals(Optional.of(set("a")), use.warm());
    assertEquals("a at 1.0", drawn(1));
  }

  @Test
  void aReplacedFileIsReadAgain() {
    use.warm(set("a"));
    expect("a", "a");
    use.forRun(List.of(1.0), STEPS);
    files.replace("a", "another");

    assertFalse(use.ready(set("a")));
    use.warm(set("a"));

    assertTrue(use.ready(set("a")));
    assertEquals(List.of("a", "a"), device.placed);
    assertEquals(List.of("a"), device.alive);
    assertEquals("merged a at 1.0", drawn(1));
  }

  @Test
  void aFileWithTheSameContentStaysOnTheDevice() {
    use.warm(set("a"));
    files.replace("a", "a");

    assertFalse(use.ready(set("a")));
    use.warm(set("a"));

    assertTrue(use.ready(set("a")));
    assertEquals(List.of("a"), device.placed);
  }

  @Test
  void anAdapterWhoseFileIsGoneIsStillDrawnWith() {
    use.warm(set("a"));
    files.replace("a", "");

    assertTrue(use.ready(set("a")));
  }

  @Test
  void noRunStartsBeforeAnAdapterIsWarm() {
    assertThrows(IllegalStateException.class, () -> use.forRun(List.of(1.0), STEPS));
  }

  @Test
  void readsTheNextOtherAdapterAhead() throws InterruptedException {
    use.warm(set("a"));
    expect("a", "a", "b", "c");
    use.forRun(List.of(1.0), STEPS);

    Eventually.until("b is in host memory", () -> host.holds("b"));
    assertTrue(!device.placed.contains("b"));
  }

  @Test
  void severalAreDrawnWithTogetherInTheirOrderEachAtItsScale() {
    use.warm(set("b+a"));

    assertEquals("b at 0.5, a at -4.0", drawn(0.5, -4.0));
    assertEquals(List.of("b", "a", "b at 0.5, a at -4.0"), device.alive);
  }

  @Test
  void branchesAreJoinedOnceForAStreakAndFreedWhenOthersAreWarm() {
    use.warm(set("a+b"));
    AppliedAdapters first = use.forRun(List.of(1.0, 1.0), STEPS);
    assertSame(first, use.forRun(List.of(1.0, 1.0), STEPS));
    assertEquals("a at 1.0, b at 0.5", drawn(1.0, 0.5));
    assertEquals(List.of("a", "b", "a at 1.0, b at 0.5"), device.alive);

    use.warm(set("a"));

    assertEquals(List.of("a", "b"), device.alive);
  }

  @Test
  void theBaseAloneIsWarmWithoutAFileAndNeverMerged() {
    assertFalse(use.ready(set(AdapterSet.BASE_ALONE)));
    use.warm(set(AdapterSet.BASE_ALONE));
    expect(AdapterSet.BASE_ALONE, AdapterSet.BASE_ALONE);

    assertTrue(use.ready(set(AdapterSet.BASE_ALONE)));
    assertEquals(List.of(), use.forRun(List.of(), STEPS).adapters());
    assertEquals(List.of(), device.placed);
    assertEquals(List.of(), use.merged());
  }

  @Test
  void noMemberOfTheWarmSetOrTheNextOneMakesRoom() {
    use.warm(set("a+b"));
    use.warm(set("b+c"));
    assertEquals(List.of("a", "b", "c"), device.alive);

    use.warm(set("c+d"));

    assertEquals(List.of("b", "c", "d"), device.alive);
  }

  @Test
  void joinedBranchesTakeRoomToo() {
    use = open(POLICY, 4, Set.of());
    use.warm(set("c"));
    use.warm(set("a+b"));
    assertEquals(List.of("c", "a", "b"), device.alive);

    use.forRun(List.of(1.0, 1.0), STEPS);

    assertEquals(List.of("a", "b", "a at 1.0, b at 1.0"), device.alive);
  }

  @Test
  void nothingChangesWhenOneMemberCannotBeRead() {
    use.warm(set("a+b"));
    drawn(1.0, 1.0);

    assertThrows(AdapterException.class, () -> use.warm(set("c+unreadable")));
    assertEquals(Optional.of(set("a+b")), use.warm());
    assertEquals(List.of("a", "b"), device.placed);
    assertEquals("a at 1.0, b at 1.0", drawn(1.0, 1.0));
  }

  @Test
  void aMergedSetIsDrawnWithAtItsOwnScalesAndInItsOwnOrderOnly() {
    use.warm(set("a+b"));
    expect("a+b", "a+b");
    AppliedAdapters merged = use.forRun(List.of(1.0, 0.5), STEPS);
    assertEquals("merged a at 1.0, b at 0.5", device.form(merged.adapters()));
    assertEquals(List.of("a+b"), use.merged());
    expect("a+b");

    assertSame(merged, use.forRun(List.of(1.0, 0.5), STEPS));
    assertEquals("a at 0.5, b at 1.0", drawn(0.5, 1.0));
    use.warm(set("b+a"));
    assertEquals("b at 1.0, a at 0.5", drawn(1.0, 0.5));
  }

  @Test
  void aReplacedFileOfAMemberIsReadAgainAndDrawnWith() {
    use.warm(set("a+b"));
    String before = use.forRun(List.of(1.0, 1.0), STEPS).adapters().get(1).digest();
    files.replace("b", "another");

    assertFalse(use.ready(set("a+b")));
    use.warm(set("a+b"));

    assertTrue(use.ready(set("a+b")));
    assertEquals(List.of("a", "b", "b"), device.placed);
    assertEquals("b", before);
    assertEquals("another", use.forRun(List.of(1.0, 1.0), STEPS).adapters().get(1).digest());
    assertEquals(List.of("a", "b", "a at 1.0, b at 1.0"), device.alive);
  }

  @Test
  void aMergedSetIsForgottenWhenAFileOfAMemberIsReplaced() {
    use.warm(set("a+b"));
    expect("a+b", "a+b");
    drawn(1.0, 1.0);
    files.replace("a", "another");
    use.warm(set("a+b"));

    assertEquals(List.of(), use.merged());
  }

  @Test
  void refusesAnotherNumberOfScales() {
    use.warm(set("a+b"));

    var refusal =
        assertThrows(IllegalArgumentException.class, () -> use.forRun(List.of(1.0), STEPS));

    assertEquals("a+b takes 2 scales, not 1", refusal.getMessage());
  }

  @Test
  void refusesAScaleThatIsNotFinite() {
    use.warm(set("a"));

    var refusal =
        assertThrows(IllegalArgumentException.class, () -> use.forRun(List.of(Double.NaN), STEPS));

    assertEquals("scale of adapter a must be finite, was NaN", refusal.getMessage());
  }

  @Test
  void readsAllMembersOfTheNextOtherSetAhead() throws InterruptedException {
    use.warm(set("a"));
    expect("a", "b+c", "z");
    use.forRun(List.of(1.0), STEPS);

    Eventually.until("b was read", () -> files.read.contains("b"));
    Eventually.until("c was read", () -> files.read.contains("c"));
    assertEquals(List.of("a"), device.placed);
  }

  /** Files whose content is their id until they are replaced; an empty one is gone. */
  private static final class Files implements HostAdapters.Source {
    private final Map<String, String> replaced = new ConcurrentHashMap<>();
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private long now;

    void replace(String id, String content) {
      replaced.put(id, content);
      now++;
    }

    @Override
    public HostAdapter read(String id) {
      if (id.equals("unreadable")) {
        throw new AdapterException(Path.of(id), "no such file");
      }
      read.add(id);
      return new HostAdapter(id, replaced.getOrDefault(id, id), List.of(), List.of());
    }

    @Override
    public Optional<AdapterFolder.Stamp> stamp(String id) {
      String content = replaced.getOrDefault(id, id);
      return content.isEmpty()
          ? Optional.empty()
          : Optional.of(new AdapterFolder.Stamp(8, FileTime.fromMillis(now), "key"));
    }
  }

  /** One byte less than the branches take: those of the fake files count nothing when they come. */
  private AdapterUse open(ApplicationPolicy policy, int branches, Set<String> pinned) {
    return new AdapterUse(
        host,
        new DeviceAdapters(host, device, branches * FakeDevice.BYTES - 1, pinned),
        policy,
        () -> List.of("a", "b", "c", "z"));
  }

  private static AdapterSet set(String key) {
    return AdapterSet.of(key);
  }

  private void expect(String... keys) {
    use.expect(Stream.of(keys).map(AdapterSet::of).toList());
  }

  /** The form in which the next run draws. */
  private String drawn(double... scales) {
    List<Double> each = DoubleStream.of(scales).boxed().toList();
    return device.form(use.forRun(each, STEPS).adapters());
  }

  private static final class FakeDevice implements AdapterPlacement {
    static final long BYTES = 8;
    final List<String> placed = new ArrayList<>();
    final List<String> alive = new ArrayList<>();
    boolean full;

    @Override
    public Adapter branch(HostAdapter adapter) {
      placed.add(adapter.name());
      return new FakeAdapter(adapter.name(), adapter.digest(), this);
    }

    @Override
    public AppliedAdapters joined(List<Adapter> branches, List<Double> scales) {
      for (Adapter branch : branches) {
        assertTrue(alive.contains(branch.name()), branch.name() + " is joined and not here");
      }
      List<Applied> applied = new ArrayList<>();
      for (int i = 0; i < branches.size(); i++) {
        applied.addAll(branches.get(i).at(scales.get(i)).adapters());
      }
      return branches.size() == 1 ? branches.getFirst().at(scales.getFirst()) : made(applied);
    }

    @Override
    public AppliedAdapters merged(List<HostAdapter> adapters, List<Double> scales) {
      if (full) {
        throw new EngineException("out of memory");
      }
      List<Applied> applied = new ArrayList<>();
      for (int i = 0; i < adapters.size(); i++) {
        HostAdapter adapter = adapters.get(i);
        applied.add(new Applied(adapter.name(), adapter.digest(), Way.MERGED, scales.get(i)));
      }
      return made(applied);
    }

    private AppliedAdapters made(List<Applied> applied) {
      String form = form(applied);
      alive.add(form);
      return new AppliedAdapters(
          applied, NOTHING, () -> assertTrue(alive.remove(form), form + " is closed twice"));
    }

    String form(List<Applied> applied) {
      String form =
          applied.stream().map(one -> one.name() + " at " + one.scale()).collect(joining(", "));
      return applied.stream().anyMatch(one -> one.way() == Way.MERGED) ? "merged " + form : form;
    }

    @Override
    public long mergedBytes(List<Adapter> branches) {
      return 1000;
    }
  }

  private record FakeAdapter(String name, String digest, FakeDevice device) implements Adapter {
    private FakeAdapter {
      device.alive.add(name);
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public Set<LinearLayer> layers() {
      return Set.of();
    }

    @Override
    public long bytes() {
      return FakeDevice.BYTES;
    }

    @Override
    public Weights weights(double strength) {
      return NOTHING;
    }

    @Override
    public void close() {
      assertTrue(device.alive.remove(name), name + " is closed twice");
    }
  }
}
