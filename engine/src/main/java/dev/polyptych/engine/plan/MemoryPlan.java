package dev.polyptych.engine.plan;

import dev.polyptych.engine.graph.WeightType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a model lies in a device's memory and draws there.
 *
 * @param weights FLOAT8, or the type that is computed in
 * @param modulationMoved whether the weights of the modulation are in host memory and copied to the
 *     device while a run begins; its steps don't need them
 * @param deviceBytes what the device has for it
 */
public record MemoryPlan(
    WeightType weights,
    TextPlace text,
    boolean modulationMoved,
    Decoding decoding,
    Use use,
    long deviceBytes) {
  private static final double GIGA = 1e9;

  /**
   * Bytes on the device.
   *
   * @param transformer its weights without the modulation's
   * @param modulation weights of the modulation
   * @param text weights of both text encoders
   * @param autoencoder its weights
   * @param adapters room for adapters
   * @param merged room for merged layers
   * @param reserve of driver, libraries and allocator
   * @param load peak of loading, beside the weights
   * @param encode peak of encoding a prompt, beside weights
   * @param step peak of a step, beside weights
   * @param decode peak of decoding, beside weights
   */
  public record Use(
      long transformer,
      long modulation,
      long text,
      long autoencoder,
      long adapters,
      long merged,
      long reserve,
      long load,
      long encode,
      long step,
      long decode) {}

  /** The same with the text encoders elsewhere. */
  public MemoryPlan with(TextPlace place) {
    return new MemoryPlan(weights, place, modulationMoved, decoding, use, deviceBytes);
  }

  /** Bytes of the weights that stay on the device. */
  public long weightBytes() {
    return use.transformer()
        + (modulationMoved ? 0 : use.modulation())
        + (text == TextPlace.RESIDENT ? use.text() : 0)
        + use.autoencoder();
  }

  /** Most bytes that are in use at a time. */
  public long peakBytes() {
    long fleeting = text == TextPlace.MOVED || text == TextPlace.RELEASED ? use.text() : 0;
    long encode = text == TextPlace.CPU ? 0 : fleeting + use.encode();
    long begin = modulationMoved ? use.modulation() : 0;
    long moment =
        Math.max(Math.max(use.load(), Math.max(encode, begin)), Math.max(use.step(), use.decode()));
    return weightBytes() + use.adapters() + use.merged() + use.reserve() + moment;
  }

  /** Whether all of it fits. */
  public boolean fits() {
    return peakBytes() <= deviceBytes;
  }

  /** Parts of the peak by name, in bytes. */
  public Map<String, Long> parts() {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weights", weightBytes());
    parts.put("adapters", use.adapters());
    parts.put("merged", use.merged());
    parts.put("reserve", use.reserve());
    parts.put("work", peakBytes() - weightBytes() - use.adapters() - use.merged() - use.reserve());
    return parts;
  }

  /** What was decided, in words. */
  public String decisions() {
    return "weights %s, text encoders %s, modulation %s, decoding %s"
        .formatted(
            weights.text(), text.text(), modulationMoved ? "moved" : "resident", decoding.text());
  }

  /** Decisions and bytes, on one line. */
  @Override
  public String toString() {
    String parts =
        parts().entrySet().stream()
            .map(part -> part.getKey() + " " + gigabytes(part.getValue()))
            .collect(Collectors.joining(", "));
    return "%s; peak %s of %s GB (%s)"
        .formatted(decisions(), gigabytes(peakBytes()), gigabytes(deviceBytes), parts);
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / GIGA);
  }
}
