package dev.polyptych.engine.graph;

import java.util.Locale;
import java.util.Optional;

/** How the weights of transformer and T5 encoder lie in memory. */
public enum WeightType {
  /** In the type that the engine computes in where that fits the device's memory, else FLOAT8. */
  AUTO,
  FLOAT32,
  BFLOAT16,
  /**
   * Float8 (e4m3) with a scale for each row. The engine computes in its compute type all the same.
   */
  FLOAT8;

  /** Its name in settings and logs, for example {@code bfloat16}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type that this asks to compute in; empty if it asks for none. */
  public Optional<ComputeType> computeType() {
    return switch (this) {
      case AUTO, FLOAT8 -> Optional.empty();
      case FLOAT32 -> Optional.of(ComputeType.FLOAT32);
      case BFLOAT16 -> Optional.of(ComputeType.BFLOAT16);
    };
  }

  /** Weights that lie in the type that the engine computes in. */
  public static WeightType of(ComputeType type) {
    return switch (type) {
      case FLOAT32 -> FLOAT32;
      case BFLOAT16 -> BFLOAT16;
    };
  }
}
