package dev.polyptych.weights.model;

import dev.polyptych.weights.safetensors.TensorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which weights of a network may lie in float8. Norms, embeddings and the last layer never do.
 *
 * @param made weights that are rounded to float8 when a file has wider ones: the linear layers of
 *     the blocks without modulation. Products with them may run in float8
 * @param kept weights that stay as they are when a file has them in float8: the modulation, too. It
 *     is widened before a product
 */
public record Float8Layers(Set<String> made, Set<String> kept) {
  private static final String WEIGHT = ".weight";
  private static final Pattern MODULATION =
      Pattern.compile(".*transformer_blocks\\.\\d+\\.norm(1|1_context)?\\.linear\\.weight");

  public Float8Layers {
    made = Set.copyOf(made);
    kept = Set.copyOf(kept);
  }

  /** None. */
  public static Float8Layers none() {
    return new Float8Layers(Set.of(), Set.of());
  }

  /** Those of a transformer. */
  public static Float8Layers of(TransformerConfig config) {
    Predicate<String> inBlock = module -> module.contains("transformer_blocks.");
    Predicate<String> noModulation = module -> !modulation(module + WEIGHT);
    return new Float8Layers(
        names(config.linearLayers().stream(), inBlock.and(noModulation)),
        names(config.linearLayers().stream(), inBlock));
  }

  /** Whether a tensor of a transformer is the weight of a block's modulation. */
  public static boolean modulation(String tensor) {
    return MODULATION.matcher(tensor).matches();
  }

  /** Those of a T5 encoder. */
  public static Float8Layers of(T5Config config) {
    Set<String> all = names(config.linearLayers().stream(), module -> true);
    return new Float8Layers(all, all);
  }

  /**
   * Tensors that a model's files hold in float8 (e4m3), of the networks that may lie in float8.
   * Reads headers only.
   *
   * @throws ModelFolderException if a network's files are missing or wrong
   */
  public static Map<Network, Set<String>> stored(ModelFolder model) {
    Map<Network, Set<String>> stored = new EnumMap<>(Network.class);
    for (Network network : List.of(Network.TRANSFORMER, Network.T5)) {
      try (PartWeights weights = PartWeights.open(model.file().weights(network), network)) {
        stored.put(
            network,
            weights.tensors(model.tensors(network)).entrySet().stream()
                .filter(tensor -> tensor.getValue().type() == TensorType.F8_E4M3)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet()));
      }
    }
    return stored;
  }

  private static Set<String> names(Stream<LinearLayer> layers, Predicate<String> wanted) {
    return layers
        .map(LinearLayer::module)
        .filter(wanted)
        .map(module -> module + WEIGHT)
        .collect(Collectors.toSet());
  }
}
