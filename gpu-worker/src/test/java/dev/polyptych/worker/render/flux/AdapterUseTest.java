package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.adapter.AdapterCosts;
import dev.polyptych.engine.adapter.AdapterPlacement;
import dev.polyptych.engine.adapter.ApplicationPolicy;
import dev.polyptych.engine.adapter.HostAdapters;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.schema.fleet.AdapterTiers;
import dev.polyptych.weights.lora.HostAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tiers and the choice between them, over a device that only keeps a record. */
class AdapterUseTest {
  private static final int STEPS = 10;

  /** Merging pays after 15 steps: not for one job, but for two. */
  private static final ApplicationPolicy POLICY =
      new ApplicationPolicy(new AdapterCosts(0.1, 1.5), 1000);

  private final FakeDevice device = new FakeDevice();
  private final HostAdapters host =
      new HostAdapters(id -> new HostAdapter(id, id, List.of()), 1, Set.of());
  private AdapterUse use = open(POLICY, 2, Set.of());

  @AfterEach
  void everythingIsFreedInTheEnd() {
    use.close();

    assertEquals(List.of(), device.alive);
  }

  @Test
  void keepsTheBranchesUsedLast() {
    for (String id : List.of("a", "b", "a", "c")) {
      use.swap(id, Optional.empty());
    }

    assertEquals(List.of("a", "c"), device.alive);
    assertEquals(List.of("a", "b", "c"), device.placed);
  }

  @Test
  void keepsWhatIsPinnedOrInUse() {
    use = open(POLICY, 2, Set.of("a"));
    use.swap("a", Optional.empty());
    Adapter inUse = use.swap("b", Optional.empty());
    use.swap("c", Optional.of(inUse));

    assertEquals(List.of("a", "b", "c"), device.alive);
  }

  @Test
  void drawsOneJobWithTheBranchAndMergesForAStreak() {
    Adapter branch = use.swap("a", Optional.empty());
    use.expect(List.of("a"));
    assertSame(branch, use.forRun("a", 1, STEPS));
    use.expect(List.of("a", "b", "a"));

    assertEquals("a merged at 1.0", use.forRun("a", 1, STEPS).toString());
  }

  @Test
  void goesOnWithWhatIsMergedForAsLongAsItFits() {
    use.swap("a", Optional.empty());
    use.expect(List.of("a", "a"));
    Adapter merged = use.forRun("a", 1, STEPS);
    use.expect(List.of("a"));

    assertSame(merged, use.forRun("a", 1, STEPS));
    assertEquals("a", use.forRun("a", 0.5, STEPS).toString());
  }

  @Test
  void hasOneMergedAdapterAtMost() {
    use.expect(List.of("a", "a", "b", "b"));
    use.forRun("a", 1, STEPS);
    use.forRun("b", 1, STEPS);

    assertEquals(List.of("a", "b", "b merged at 1.0"), device.alive);
  }

  @Test
  void goesOnWithTheBranchWhenMergingFails() {
    use.expect(List.of("a", "a"));
    device.full = true;
    assertEquals("a", use.forRun("a", 1, STEPS).toString());
    device.full = false;

    assertEquals("a", use.forRun("a", 1, STEPS).toString());
  }

  @Test
  void tellsWhereAdaptersLieAndHowManyThereIsRoomFor() {
    assertEquals(0, use.residency().warmSlots());
    use = open(POLICY, 3, Set.of());
    use.expect(List.of("a", "a", "b"));
    use.swap("b", Optional.empty());
    use.swap("a", Optional.empty());
    use.forRun("a", 1, STEPS);

    AdapterTiers tiers = use.residency().tiers();
    assertEquals(List.of("a"), tiers.merged());
    assertEquals(Set.of("a", "b"), Set.copyOf(tiers.device()));
    assertEquals(List.of("a", "b", "c", "z"), tiers.disk());
    assertEquals(2, use.residency().warmSlots());
  }

  @Test
  void readsTheNextOtherAdapterAhead() throws InterruptedException {
    use.swap("a", Optional.empty());
    use.expect(List.of("a", "a", "b", "c"));
    use.forRun("a", 1, STEPS);

    Eventually.until("b is in host memory", () -> host.holds("b"));
    assertTrue(!device.placed.contains("b"));
  }

  /** One byte less than the branches take: those of the fake files count nothing when they come. */
  private AdapterUse open(ApplicationPolicy policy, int branches, Set<String> pinned) {
    return new AdapterUse(
        host,
        new ResidentAdapters(host, device, branches * FakeDevice.BYTES - 1, pinned),
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
