package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads adapter files for one model into host memory. A file is checked as a whole before anything
 * of it is given out: keys, shapes, types, ranks, finite values. Touches no device; any thread.
 */
public final class AdapterReader {
  private final LayerNames names;

  /** A reader for the layers of a model. */
  public AdapterReader(List<LinearLayer> layers) {
    this.names = new LayerNames(layers);
  }

  /**
   * Reads a file.
   *
   * @throws AdapterException if the file is not safetensors, or any key of it does not fit the
   *     model
   */
  public HostAdapter read(Path path) {
    FileBytes bytes = FileBytes.of(path);
    bytes.refusePickle();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      UnsupportedKeys.refuse(file);
      List<LowRankPair> pairs = PairedKeys.of(file, layout(file), names);
      pairs.forEach(pair -> check(file, pair));
      List<HostPair> decoded = new ArrayList<>();
      pairs.forEach(pair -> decoded.addAll(decode(file, pair)));
      String name = path.getFileName().toString().replaceFirst("\\.safetensors$", "");
      return new HostAdapter(name, bytes.digest(), decoded);
    } catch (SafetensorsException e) {
      throw new AdapterException(e.getMessage(), e);
    }
  }

  private static AdapterLayout layout(SafetensorsFile file) {
    String first = file.names().stream().findFirst().orElse("(none)");
    return AdapterLayout.of(file)
        .orElseThrow(
            () ->
                new AdapterException(
                    file.path(),
                    "key '"
                        + first
                        + "' is of no LoRA layout known here"
                        + " (transformer.<module>.lora_A.weight and lora_B.weight, kohya's,"
                        + " ComfyUI's, XLabs' or fal's)"));
  }

  private static void check(SafetensorsFile file, LowRankPair pair) {
    List<LinearLayer> layers = pair.target().layers();
    long inputs = layers.getFirst().inputs();
    long outputs = layers.stream().mapToLong(LinearLayer::outputs).sum();
    long rank = file.entry(pair.down()).shape().stream().findFirst().orElse(0L);
    if (rank < 1) {
      throw new AdapterException(file.path(), "key '" + pair.down() + "' has rank 0");
    }
    check(file, pair.down(), List.of(rank, inputs));
    check(file, pair.up(), List.of(outputs, rank));
  }

  private static void check(SafetensorsFile file, String key, List<Long> shape) {
    TensorEntry entry = file.entry(key);
    if (!entry.shape().equals(shape)) {
      boolean larger =
          entry.shape().size() == 2
              && (entry.shape().get(0) > shape.get(0) || entry.shape().get(1) > shape.get(1));
      throw new AdapterException(
          file.path(),
          "key '"
              + key
              + "' has shape "
              + entry.shape()
              + ", but this model needs "
              + shape
              + (larger
                  ? " (made for a larger model, or a control LoRA that widens this one)"
                  : ""));
    }
    if (!entry.type().loadable()) {
      throw new AdapterException(
          file.path(), "key '" + key + "' is of type " + entry.type() + ", not F32, F16 or BF16");
    }
    if (!file.finite(key)) {
      throw new AdapterException(file.path(), "key '" + key + "' holds values that are not finite");
    }
  }

  private static List<HostPair> decode(SafetensorsFile file, LowRankPair pair) {
    Matrix down = Matrix.read(file, pair.down());
    Matrix up = Matrix.read(file, pair.up());
    double factor = pair.alpha().orElse(down.rows()) / down.rows();
    return PairSplit.of(pair.target(), down, up, factor);
  }
}
