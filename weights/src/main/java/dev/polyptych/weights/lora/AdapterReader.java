package dev.polyptych.weights.lora;

import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads LoRA files for one model into host memory. It checks the whole file first: keys, shapes,
 * types, ranks and that all values are finite. A file with any fault gives no adapter at all.
 * Touches no device. Any thread may use it.
 */
public final class AdapterReader {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** First opcode of every pickle since protocol 2. The protocol's number follows it. */
  private static final byte PICKLE = (byte) 0x80;

  private final LayerNames names;

  /**
   * @param layers all linear layers of the model
   */
  public AdapterReader(List<LinearLayer> layers) {
    this.names = new LayerNames(layers);
  }

  /**
   * Reads a file.
   *
   * @throws AdapterException if the file is not safetensors, if one of its keys does not fit the
   *     model (the message names the first such key), or if it would change nothing
   */
  public HostAdapter read(Path path) {
    try {
      refusePickle(path);
      String digest = Sha256.of(path);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        List<HostPair> decoded = new ArrayList<>();
        AdapterLayout layout = layout(file);
        pairs(file, layout, modelsTargets(layout))
            .forEach(pair -> decoded.addAll(decode(pair, key -> Matrix.read(file, key))));
        if (decoded.stream().allMatch(HostPair::idle)) {
          throw noEffect(path);
        }
        String name = path.getFileName().toString().replaceFirst("\\.safetensors$", "");
        return new HostAdapter(name, digest, decoded);
      }
    } catch (IOException e) {
      throw new AdapterException(path + ": can't be read: " + e, e);
    } catch (SafetensorsException e) {
      throw new AdapterException(e.getMessage(), e);
    }
  }

  /**
   * Checks a file as {@link #read} does, and keeps none of its matrices. A file of any size takes
   * little heap.
   *
   * @throws AdapterException as {@link #read} does
   */
  public AdapterFacts check(Path path) {
    return check(path, (file, layout) -> modelsTargets(layout));
  }

  /**
   * Checks what can be checked of a file without its model: that its layout is known, its pairs are
   * whole and of one rank each, its values are finite and it changes something.
   *
   * @throws AdapterException as {@link #read} does
   */
  public static AdapterFacts checkForAnyModel(Path path) {
    return check(path, (file, layout) -> layer -> asShaped(file, layout, layer));
  }

  private static AdapterFacts check(
      Path path, BiFunction<SafetensorsFile, AdapterLayout, PairedKeys.Targets> targets) {
    try {
      refusePickle(path);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        AdapterLayout layout = layout(file);
        int rank = 0;
        int modules = 0;
        boolean effect = false;
        for (PairedKeys.Pair pair : pairs(file, layout, targets.apply(file, layout))) {
          for (HostPair decoded : decode(pair, key -> Matrix.mapped(file, key))) {
            rank = Math.max(rank, decoded.rank());
            modules++;
            effect = effect || !decoded.idle();
          }
        }
        if (!effect) {
          throw noEffect(path);
        }
        return new AdapterFacts(Sha256.of(path), Files.size(path), rank, modules);
      }
    } catch (IOException e) {
      throw new AdapterException(path + ": can't be read: " + e, e);
    } catch (SafetensorsException e) {
      throw new AdapterException(e.getMessage(), e);
    }
  }

  private PairedKeys.Targets modelsTargets(AdapterLayout layout) {
    return layer -> names.target(layout.spelling(), layer);
  }

  /** All pairs of a file, each checked. */
  private static List<PairedKeys.Pair> pairs(
      SafetensorsFile file, AdapterLayout layout, PairedKeys.Targets targets) {
    List<PairedKeys.Pair> pairs = PairedKeys.of(file, layout, targets);
    pairs.forEach(pair -> check(file, pair));
    return pairs;
  }

  /** A layer of the size that the file says. Two names of one layer count as two layers. */
  private static Optional<LayerNames.Target> asShaped(
      SafetensorsFile file, AdapterLayout layout, String layer) {
    long inputs = side(file, layout.downKey(layer), 1);
    String up = layout.upKey(layer);
    long outputs = file.names().contains(up) ? side(file, up, 0) : 0;
    return Optional.of(
        new LayerNames.Target(List.of(new LinearLayer(layer, inputs, outputs)), false));
  }

  private static long side(SafetensorsFile file, String key, int side) {
    List<Long> shape = file.entry(key).shape();
    if (shape.size() != 2 || shape.get(side) < 1) {
      throw new AdapterException(
          file.path(), "key '" + key + "' has shape " + shape + ", but a matrix has two sides");
    }
    return shape.get(side);
  }

  private static AdapterException noEffect(Path path) {
    return new AdapterException(
        path,
        "has no effect: alpha, all of A or all of B is 0 in every layer; tune it further, or"
            + " draw without an adapter");
  }

  /** PyTorch's {@code .bin} and {@code .pt} files are pickles. Reading one runs its program. */
  private static void refusePickle(Path path) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(path)) {
      start = in.readNBytes(Long.BYTES + 1);
    }
    boolean zip = Arrays.equals(Arrays.copyOf(start, ZIP.length), ZIP);
    // A safetensors header of 640 bytes starts with the same two bytes. Its ninth is a brace.
    boolean header = start.length > Long.BYTES && start[Long.BYTES] == '{';
    boolean pickle = start.length > 1 && start[0] == PICKLE && start[1] <= 5 && !header;
    if (zip || pickle) {
      throw new AdapterException(
          path,
          "is a pickle (PyTorch's .bin, .pt or .ckpt), which can run any program when it is read;"
              + " convert it to safetensors");
    }
  }

  private static AdapterLayout layout(SafetensorsFile file) {
    UnsupportedKeys.refuse(file);
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

  private static void check(SafetensorsFile file, PairedKeys.Pair pair) {
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

  private static List<HostPair> decode(PairedKeys.Pair pair, Function<String, Matrix> matrix) {
    Matrix down = matrix.apply(pair.down());
    Matrix up = matrix.apply(pair.up());
    double factor = pair.alpha().orElse(down.rows()) / down.rows();
    return PairSplit.of(pair.target(), down, up, factor);
  }
}
