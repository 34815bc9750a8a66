package dev.polyptych.worker.render.flux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polyptych.worker.adapter.Adapter;
import dev.polyptych.worker.model.FluxTransformer.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResidentAdaptersTest {
  private final List<String> read = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final ResidentAdapters adapters = new ResidentAdapters(30, this::read);

  @Test
  void anAdapterIsReadOnce() {
    // Given
    Adapter first = adapters.get("a", Optional.empty());
    // When
    Adapter again = adapters.get("a", Optional.empty());
    // Then
    assertSame(first, again);
    assertEquals(List.of("a"), read);
  }

  @Test
  void theOneUsedLongestAgoMakesRoom() {
    // Given
    adapters.get("a", Optional.empty());
    adapters.get("b", Optional.empty());
    adapters.get("c", Optional.empty());
    adapters.get("a", Optional.empty());
    // When
    adapters.get("d", Optional.empty());
    // Then
    assertEquals(List.of("b"), closed);
  }

  @Test
  void theOneInUseStaysWhateverItsAge() {
    // Given
    Adapter used = adapters.get("a", Optional.empty());
    adapters.get("b", Optional.of(used));
    adapters.get("c", Optional.of(used));
    // When
    adapters.get("d", Optional.of(used));
    // Then
    assertEquals(List.of("b"), closed);
  }

  @Test
  void closingClosesThemAll() {
    // Given
    adapters.get("a", Optional.empty());
    adapters.get("b", Optional.empty());
    // When
    adapters.close();
    // Then
    assertEquals(List.of("a", "b"), closed);
  }

  private Adapter read(String id) {
    read.add(id);
    return new TenBytes(id, closed);
  }

  private record TenBytes(String name, List<String> closed) implements Adapter {
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
      return 10;
    }

    @Override
    public Weights weights(double strength) {
      throw new UnsupportedOperationException("nothing is drawn here");
    }

    @Override
    public void close() {
      closed.add(name);
    }
  }
}
