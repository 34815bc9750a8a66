package dev.polyptych.weights.model;

import dev.polyptych.weights.model.Naming.Place;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights of one network, wherever they lie and whatever their names are. What a file holds is
 * decided by names and shapes of its tensors, never by its own name. Tensors are read lazily; a
 * tensor stays readable after {@link #close()}. Any thread.
 */
public final class PartWeights implements AutoCloseable {
  private static final Set<TensorType> READ =
      Set.of(
          TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.F8_E4M3, TensorType.F8_E5M2);

  private final Network network;
  private final PartFiles files;
  private final String prefix;
  private final Naming naming;
  private final int levels;
  private final Float8Scales scales;

  private PartWeights(Network network, PartFiles files, String prefix, Naming naming) {
    this.network = network;
    this.files = files;
    this.prefix = prefix;
    this.naming = naming;
    this.levels = count("encoder.down.%d.block.0.conv1.weight");
    this.scales = new Float8Scales(files);
  }

  /**
   * Opens a network's weights.
   *
   * @param path a safetensors file, or a folder in diffusers layout
   * @throws ModelFolderException if a file is missing, wrong, or holds no such network
   */
  public static PartWeights open(Path path, Network network) {
    PartFiles files = PartFiles.open(path, network.stem());
    try {
      return find(files, network).orElseThrow(() -> Strangers.refusal(files, network));
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /**
   * Opens weights of another network under the names that the caller uses.
   *
   * @param stem file name in the folder, without ending
   */
  public static PartWeights plain(Path folder, String stem) {
    return new PartWeights(Network.TRANSFORMER, PartFiles.open(folder, stem), "", Naming.DIFFUSERS);
  }

  /** Whether a file holds a network. */
  static boolean holds(Path file, Network network) {
    try (PartFiles files = PartFiles.open(file, network.stem())) {
      return find(files, network).isPresent();
    }
  }

  private static Optional<PartWeights> find(PartFiles files, Network network) {
    for (String prefix : network.prefixes()) {
      for (Naming.Mark mark : Naming.marks(network)) {
        if (files.has(prefix + mark.key())) {
          return Optional.of(new PartWeights(network, files, prefix, mark.naming()));
        }
      }
    }
    return Optional.empty();
  }

  /** The file or folder that holds them. */
  public Path path() {
    return files.path();
  }

  /** How its tensors are named, for people. */
  public String naming() {
    return naming.text() + (prefix.isEmpty() ? "" : " behind " + prefix);
  }

  /** Bytes in the file by type, of this network's tensors only. */
  public Map<TensorType, Long> bytes(TensorShapes shapes) {
    Map<TensorType, Long> bytes = new TreeMap<>();
    tensors(shapes)
        .values()
        .forEach(
            tensor ->
                bytes.merge(
                    tensor.type(),
                    tensor.shape().stream().reduce((long) tensor.type().bytes(), (a, b) -> a * b),
                    Long::sum));
    return bytes;
  }

  /**
   * Every tensor of the network by its name in diffusers. Ignores tensors that the network does not
   * have.
   *
   * @throws ModelFolderException if a tensor is missing, has another shape, or a type that is not
   *     read
   */
  public Map<String, StoredTensor> tensors(TensorShapes shapes) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    shapes.byName().forEach((name, shape) -> tensors.put(name, tensor(name, shape)));
    return tensors;
  }

  private StoredTensor tensor(String name, List<Long> shape) {
    long rows = shape.getFirst();
    Place place = naming.place(network, name, rows, levels);
    String key = prefix + place.key();
    SafetensorsFile file = files.of(key);
    if (file == null) {
      String called = key.equals(name) ? "'" : "' (here '" + key + "')";
      throw new ModelFolderException(
          files.path(),
          "lacks tensor '" + name + called + " (it holds " + files.fileNames() + ")",
          PartFiles.REMEDY);
    }
    TensorEntry entry = file.entry(key);
    check(file, entry, shape, place);
    long row = entry.length() / Math.max(1, entry.shape().getFirst());
    return new StoredTensor(
        file,
        key,
        entry.type(),
        shape,
        place.first() * row,
        place.swapped(),
        scales.of(key),
        scales.fullPrecision(key));
  }

  private static void check(
      SafetensorsFile file, TensorEntry entry, List<Long> shape, Place place) {
    String tensor = "has tensor '" + entry.name() + "' of ";
    List<Long> wanted = new java.util.ArrayList<>(shape);
    if (place.of() > 0) {
      wanted.set(0, place.of());
    }
    if (!entry.shape().equals(wanted) && !asConvolution(entry.shape(), wanted)) {
      throw new ModelFolderException(
          file.path(),
          tensor + "shape " + entry.shape() + ", but config.json asks for " + wanted,
          "use weights and configuration of the same model");
    }
    if (!READ.contains(entry.type())) {
      throw new ModelFolderException(
          file.path(),
          tensor + "type " + entry.type(),
          "use weights in F32, F16 or BF16, or in float8 (e4m3)");
    }
  }

  /** BFL's attention has 1 x 1 convolutions where diffusers has linear layers. */
  private static boolean asConvolution(List<Long> shape, List<Long> wanted) {
    return wanted.size() == 2
        && shape.size() == 4
        && shape.subList(0, 2).equals(wanted)
        && shape.get(2) == 1
        && shape.get(3) == 1;
  }

  /** Whether there is a tensor of that name, which must not be a part of a stored one. */
  boolean has(String name) {
    return files.has(prefix + naming.place(network, name, 0, levels).key());
  }

  /**
   * One number of the shape of a tensor.
   *
   * @param name a tensor that is stored whole
   * @throws ModelFolderException if there is no such tensor, or it has fewer dimensions
   */
  int size(String name, int dimension) {
    String key = prefix + naming.place(network, name, 0, levels).key();
    if (!files.has(key)) {
      throw new ModelFolderException(files.path(), "lacks tensor '" + key + "'", PartFiles.REMEDY);
    }
    List<Long> shape = files.of(key).entry(key).shape();
    if (dimension >= shape.size()
        || shape.get(dimension) < 1
        || shape.get(dimension) > Integer.MAX_VALUE) {
      throw new ModelFolderException(
          files.path(), "has tensor '" + key + "' of shape " + shape, PartFiles.REMEDY);
    }
    return Math.toIntExact(shape.get(dimension));
  }

  /**
   * How many blocks there are.
   *
   * @param pattern a tensor's name in diffusers, with {@code %d} for the block's number
   */
  int blocks(String pattern) {
    int count = 0;
    while (has(pattern.formatted(count))) {
      count++;
    }
    return count;
  }

  /** As {@link #blocks}, by the file's own keys. */
  private int count(String pattern) {
    int count = 0;
    while (files.has(prefix + pattern.formatted(count))) {
      count++;
    }
    return count;
  }

  @Override
  public void close() {
    files.close();
  }
}
