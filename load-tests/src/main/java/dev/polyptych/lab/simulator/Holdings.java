package dev.polyptych.lab.simulator;

import dev.polyptych.lab.simulator.SimulatedLoad.Memory;
import dev.polyptych.schema.fleet.Residency;
import dev.polyptych.schema.fleet.Tier;
import java.util.BitSet;

/**
 * The adapters that a worker holds. The least recently used adapter leaves a tier first. Disks are
 * never full.
 */
final class Holdings {
  private final int device;

  /** Most recently used first: those in device memory, then those in host memory. */
  private final int[] recent;

  private final BitSet disk = new BitSet();
  private int held;
  private Residency snapshot;

  Holdings(Memory memory) {
    this.device = memory.device();
    this.recent = new int[memory.device() + memory.host()];
  }

  Tier tier(int adapter) {
    return tier(adapter, recent, held, disk);
  }

  /** -1 if no adapter was used yet. */
  int warm() {
    return held == 0 ? -1 : recent[0];
  }

  void use(int adapter) {
    if (adapter == warm()) {
      return;
    }
    int place = find(adapter, recent, held);
    if (place < 0) {
      held = Math.min(held + 1, recent.length);
      place = held - 1;
    }
    System.arraycopy(recent, 0, recent, 1, place);
    recent[0] = adapter;
    disk.set(adapter);
    snapshot = null;
  }

  /** The present state; later changes do not affect it. */
  Residency snapshot() {
    if (snapshot == null) {
      int[] then = recent.clone();
      int heldThen = held;
      BitSet diskThen = (BitSet) disk.clone();
      snapshot = adapter -> tier(Adapters.number(adapter), then, heldThen, diskThen);
    }
    return snapshot;
  }

  /** A view that follows all changes. */
  Residency live() {
    return adapter -> tier(Adapters.number(adapter));
  }

  private Tier tier(int adapter, int[] order, int count, BitSet files) {
    int place = find(adapter, order, count);
    if (place < 0) {
      return files.get(adapter) ? Tier.DISK : Tier.ABSENT;
    }
    return place == 0 ? Tier.WARM : place < device ? Tier.DEVICE : Tier.HOST;
  }

  private static int find(int adapter, int[] order, int count) {
    for (int place = 0; place < count; place++) {
      if (order[place] == adapter) {
        return place;
      }
    }
    return -1;
  }
}
