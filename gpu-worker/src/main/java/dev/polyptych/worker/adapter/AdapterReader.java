package dev.polyptych.worker.adapter;

import ai.djl.ndarray.NDManager;
import dev.polyptych.worker.model.FluxTransformer;
import dev.polyptych.worker.model.LinearLayer;
import dev.polyptych.worker.model.graph.TensorLoader;
import dev.polyptych.worker.model.graph.TensorLoader.Source;
import dev.polyptych.worker.model.graph.TensorMap;
import dev.polyptych.worker.model.safetensors.SafetensorsException;
import dev.polyptych.worker.model.safetensors.SafetensorsFile;
import dev.polyptych.worker.model.safetensors.TensorEntry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads adapter files for one model. A file is checked as a whole before a byte of it goes to the
 * device: keys, shapes, types, ranks, finite values. Belongs to the render thread.
 */
public final class AdapterReader {
  private static final List<AdapterLayout> LAYOUTS = List.of(new PeftLayout());

  private final FluxTransformer transformer;
  private final TensorLoader loader;
  private final NDManager manager;
  private final Map<String, LinearLayer> layers = new HashMap<>();

  /** A reader for a transformer's linear layers; adapters come to live below {@code manager}. */
  public AdapterReader(FluxTransformer transformer, TensorLoader loader, NDManager manager) {
    this.transformer = transformer;
    this.loader = loader;
    this.manager = manager;
    transformer.config().linearLayers().forEach(layer -> layers.put(layer.module(), layer));
  }

  /**
   * Reads a file onto the device.
   *
   * @throws AdapterException if the file is not safetensors, or any key of it does not fit the
   *     model
   */
  public Adapter read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<LowRankPair> pairs = layout(file).pairs(file);
      int rank = pairs.stream().mapToInt(pair -> check(file, pair)).max().orElseThrow();
      long bytes = file.names().stream().mapToLong(name -> file.entry(name).length()).sum();
      String name = path.getFileName().toString().replaceFirst("\\.safetensors$", "");
      return new BranchAdapter(
          name, rank, pairs.size(), bytes, transformer.base(), load(file, pairs));
    } catch (SafetensorsException e) {
      throw new AdapterException(e.getMessage(), e);
    }
  }

  private static AdapterLayout layout(SafetensorsFile file) {
    return LAYOUTS.stream()
        .filter(layout -> layout.recognises(file))
        .findFirst()
        .orElseThrow(
            () ->
                new AdapterException(
                    file.path(),
                    "key '"
                        + file.names().stream().findFirst().orElse("(none)")
                        + "' is of no LoRA layout known here"
                        + " (transformer.<module>.lora_A.weight and lora_B.weight)"));
  }

  /** Checks a pair against its layer and gives its rank. */
  private int check(SafetensorsFile file, LowRankPair pair) {
    LinearLayer layer = layers.get(pair.module());
    if (layer == null) {
      throw new AdapterException(
          file.path(), "key '" + pair.down() + "' names no linear layer of this model");
    }
    long rank = file.entry(pair.down()).shape().stream().findFirst().orElse(0L);
    if (rank < 1) {
      throw new AdapterException(file.path(), "key '" + pair.down() + "' has rank 0");
    }
    check(file, pair.down(), List.of(rank, layer.inputs()));
    check(file, pair.up(), List.of(layer.outputs(), rank));
    return Math.toIntExact(rank);
  }

  private static void check(SafetensorsFile file, String key, List<Long> shape) {
    TensorEntry entry = file.entry(key);
    if (!entry.shape().equals(shape)) {
      throw new AdapterException(
          file.path(),
          "key '" + key + "' has shape " + entry.shape() + ", but this model needs " + shape);
    }
    if (!TensorLoader.loads(entry.type())) {
      throw new AdapterException(
          file.path(), "key '" + key + "' is of type " + entry.type() + ", not F32, F16 or BF16");
    }
    if (!file.finite(key)) {
      throw new AdapterException(file.path(), "key '" + key + "' holds values that are not finite");
    }
  }

  private TensorMap load(SafetensorsFile file, List<LowRankPair> pairs) {
    Map<String, Source> sources = new LinkedHashMap<>();
    for (LowRankPair pair : pairs) {
      long rank = file.entry(pair.down()).shape().getFirst();
      sources.put(pair.module() + ".lora_A", new Source(file, pair.down()));
      sources.put(
          pair.module() + ".lora_B",
          new Source(file, pair.up(), pair.alpha().orElse((double) rank) / rank));
    }
    return loader.load(sources, manager);
  }
}
