package dev.polyptych.engine.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.adapter.ApplicationPolicy.AdapterCosts;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.HostAdapter;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tiers and the choice between them, over a device that only keeps a record. */
class AdapterUseTest {
  private static final int STEPS = 10;

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
      use.warm(id);
    }

    assertEquals(List.of("a", "c"), device.alive);
    assertEquals(List.of("a", "b", "c"), device.placed);
  }

  @Test
  void keepsWhatIsPinnedOrInUse() {
    use = open(POLICY, 2, Set.of("a"));
    use.warm("a");
    use.warm("b");
    use.warm("c");

    assertEquals(List.of("a", "b", "c"), device.alive);
  }

  @Test
  void drawsOneJobWithTheBranchAndMergesForAStreak() {
    use.warm("a");
    use.expect(List.of("a"));
    assertEquals("a", use.forRun(1, STEPS).toString());
    use.expect(List.of("a", "b", "a"));

    assertEquals("a merged at 1.0", use.forRun(1, STEPS).toString());
  }

  @Test
  void goesOnWithWhatIsMergedForAsLongAsItFits() {
    use.warm("a");
    use.expect(List.of("a", "a"));
    Adapter merged = use.forRun(1, STEPS);
    use.expect(List.of("a"));

    assertSame(merged, use.forRun(1, STEPS));
    assertEquals("a", use.forRun(0.5, STEPS).toString());
  }

  @Test
  void hasOneMergedAdapterAtMost() {
    use.expect(List.of("a", "a", "b", "b"));
    use.warm("a");
    use.forRun(1, STEPS);
    use.warm("b");
    use.forRun(1, STEPS);

    assertEquals(List.of("a", "b", "b merged at 1.0"), device.alive);
  }

  @Test
  void goesOnWithTheBranchWhenMergingFails() {
    use.warm("a");
    use.expect(List.of("a", "a"));
    device.full = true;
    assertEquals("a", use.forRun(1, STEPS).toString());
    device.full = false;

    assertEquals("a", use.forRun(1, STEPS).toString());
  }

  @Test
  void saysWhereAdaptersAreAndHowManyTheDeviceHasRoomFor() {
    assertEquals(0, use.deviceSlots());
    use = open(POLICY, 3, Set.of());
    use.expect(List.of("a", "a", "b"));
    use.warm("b");
    use.warm("a");
    use.forRun(1, STEPS);

    assertEquals(List.of("a"), use.merged());
    assertEquals(Set.of("a", "b"), Set.copyOf(use.onDevice()));
    assertEquals(List.of("a", "b", "c", "z"), use.onDisk());
    assertEquals(2, use.deviceSlots());
  }

  @Test
  void anAdapterIsBroughtToTheDeviceOnceForAJob() {
    use.warm("a");
    use.forRun(1, STEPS);
    use.forRun(1, STEPS);

    assertEquals(List.of("a"), device.placed);
    assertEquals(Optional.of("a"), use.warm());
  }

  @Test
  void theWarmAdapterStaysWhenAnotherCannotBeRead() {
    use.warm("a");

    assertThrows(AdapterException.class, () -> use.warm("unreadable"));
    assertEquals(Optional.of("a"), use.warm());
    assertEquals("a", use.forRun(1, STEPS).toString());
  }

  @Test
  void aReplacedFileIsReadAgain() {
    use.warm("a");
    use.expect(List.of("a", "a"));
    use.forRun(1, STEPS);
    files.replace("a", "another");

    assertFalse(use.ready("a"));
    use.warm("a");

    assertTrue(use.ready("a"));
    assertEquals(List.of("a", "a"), device.placed);
    assertEquals(List.of("a"), device.alive);
    assertEquals("a merged at 1.0", use.forRun(1, STEPS).toString());
  }

  @Test
  void aFileWithTheSameContentStaysOnTheDevice() {
    use.warm("a");
    files.replace("a", "a");

    assertFalse(use.ready("a"));
    use.warm("a");

    assertTrue(use.ready("a"));
    assertEquals(List.of("a"), device.placed);
  }

  @Test
  void anAdapterWhoseFileIsGoneIsStillDrawnWith() {
    use.warm("a");
    files.replace("a", "");

    assertTrue(use.ready("a"));
  }

  @Test
  void noRunStartsBeforeAnAdapterIsWarm() {
    assertThrows(IllegalStateException.class, () -> use.forRun(1, STEPS));
  }

  @Test
  void readsTheNextOtherAdapterAhead() throws InterruptedException {
    use.warm("a");
    use.expect(List.of("a", "a", "b", "c"));
    use.forRun(1, STEPS);

    Eventually.until("b is in host memory", () -> host.holds("b"));
    assertTrue(!device.placed.contains("b"));
  }

  /** Files whose content is their id until they are replaced; an empty one is gone. */
  private static final class Files implements HostAdapters.Source {
    private final Map<String, String> replaced = new ConcurrentHashMap<>();
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
      return new HostAdapter(id, replaced.getOrDefault(id, id), List.of());
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

  private static final class FakeDevice implements AdapterPlacement {
    static final long BYTES = 8;
    final List<String> placed = new ArrayList<>();
    final List<String> alive = new ArrayList<>();
    boolean full;

    @Override
    public Adapter branch(HostAdapter adapter) {
      placed.add(adapter.name());
      return new FakeAdapter(adapter.name(), adapter.name(), this);
    }

    @Override
    public Adapter merged(HostAdapter adapter, Adapter branch, double strength) {
      if (full) {
        throw new EngineException("out of memory");
      }
      return new FakeAdapter(adapter.name(), adapter.name() + " merged at " + strength, this);
    }

    @Override
    public long mergedBytes(HostAdapter adapter) {
      return 1000;
    }
  }

  private record FakeAdapter(String name, String form, FakeDevice device) implements Adapter {
    private FakeAdapter {
      device.alive.add(form);
    }

    @Override
    public String digest() {
      return "digest of " + name;
    }

    @Override
    public ApplicationPolicy.Way way(double strength) {
      throw new UnsupportedOperationException("nothing is drawn here");
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public int modules() {
      return 1;
    }

    @Override
    public long bytes() {
      return FakeDevice.BYTES;
    }

    @Override
    public Weights weights(double strength) {
      throw new UnsupportedOperationException("nothing is drawn here");
    }

    @Override
    public void close() {
      assertTrue(device.alive.remove(form), form + " is closed twice");
    }

    @Override
    public String toString() {
      return form;
    }
  }
}
