package dev.polyptych.weights.lora;

import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Sorts the keys of a file into pairs. Every key must belong to a pair, and every layer gets at
 * most one pair. diffusers drops some keys instead: layers outside the blocks of kohya files,
 * alphas of the final layer, and modules that it does not know. It then draws with less than was
 * trained.
 */
final class PairedKeys {
  private final SafetensorsFile file;
  private final AdapterLayout layout;
  private final Targets targets;
  private final Set<String> claimed = new HashSet<>();
  private final Map<String, String> claimant = new HashMap<>();

  /**
   * The keys that change one layer, or several stacked ones.
   *
   * @param down key of A, (rank x inputs)
   * @param up key of B, (outputs x rank)
   * @param alpha the product is multiplied by alpha / rank; empty means a factor of 1
   */
  record Pair(LayerNames.Target target, String down, String up, OptionalDouble alpha) {}

  /** Finds what a layer's name in a file stands for. */
  interface Targets {
    /** Empty if the model has no such layer. */
    Optional<LayerNames.Target> target(String layer);
  }

  private PairedKeys(SafetensorsFile file, AdapterLayout layout, Targets targets) {
    this.file = file;
    this.layout = layout;
    this.targets = targets;
  }

  /**
   * The pairs of a file, in the order of its header.
   *
   * @throws AdapterException if a key fits no layer, lacks its counterpart, belongs to no pair, or
   *     changes a layer that an earlier key changes; the message names the first such key
   */
  static List<Pair> of(SafetensorsFile file, AdapterLayout layout, Targets targets) {
    return new PairedKeys(file, layout, targets).pairs();
  }

  private List<Pair> pairs() {
    PeftSettings settings = PeftSettings.of(file, layout.prefix());
    List<Pair> pairs = new ArrayList<>();
    for (String key : file.names()) {
      if (layout.isDown(key)) {
        pairs.add(pair(layout.layer(key), settings));
      }
    }
    for (String key : file.names()) {
      if (!claimed.contains(key)) {
        throw refusal(key, "belongs to no pair of a LoRA's A and B");
      }
    }
    return pairs;
  }

  private Pair pair(String layer, PeftSettings settings) {
    String down = layout.downKey(layer);
    String up = layout.upKey(layer);
    String alpha = layout.alphaKey(layer);
    LayerNames.Target target =
        targets
            .target(layer)
            .orElseThrow(() -> refusal(down, "names no linear layer of this model"));
    if (!file.names().contains(up)) {
      throw refusal(down, "has no counterpart '" + up + "'");
    }
    target.layers().forEach(ours -> claim(ours.module(), down));
    claimed.addAll(List.of(down, up, alpha));
    boolean own = file.names().contains(alpha);
    return new Pair(
        target, down, up, own ? OptionalDouble.of(scalar(alpha)) : settings.alpha(layer));
  }

  private void claim(String module, String key) {
    String earlier = claimant.putIfAbsent(module, key);
    if (earlier != null) {
      throw refusal(key, "adds to the same layer as '" + earlier + "'");
    }
  }

  private double scalar(String key) {
    TensorEntry entry = file.entry(key);
    float[] values =
        entry.length() <= Long.BYTES && entry.type().loadable() ? file.floats(key) : new float[0];
    if (values.length != 1 || !Float.isFinite(values[0])) {
      throw refusal(key, "is not one finite number");
    }
    return values[0];
  }

  private AdapterException refusal(String key, String fault) {
    return new AdapterException(file.path(), "key '" + key + "' " + fault);
  }
}
