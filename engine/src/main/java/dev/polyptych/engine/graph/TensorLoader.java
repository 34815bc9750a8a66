package dev.polyptych.engine.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.weights.model.Float8Layers;
import dev.polyptych.weights.model.StoredTensor;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Brings tensors from files or host memory to the device in the compute type. Bytes travel as UINT8
 * and get their type inside TorchScript, because DJL has no bfloat16: asking it for one aborts the
 * JVM. Belongs to one thread.
 */
public final class TensorLoader {
  private final Graph graph;
  private final ComputeType computeType;
  private final boolean training;

  /** A loader to {@code computeType} on the manager's device. */
  public TensorLoader(NDManager manager, ComputeType computeType) {
    this(manager, computeType, false);
  }

  private TensorLoader(NDManager manager, ComputeType computeType, boolean training) {
    this.graph = Graph.load("weights", manager);
    this.computeType = computeType;
    this.training = training;
  }

  /**
   * A loader for training. PyTorch computes no gradients through tensors that were made without
   * autograd, so this one makes them with it.
   */
  public static TensorLoader forTraining(NDManager manager, ComputeType computeType) {
    return new TensorLoader(manager, computeType, true);
  }

  /**
   * A tensor that is read when it is loaded. A file's scale multiplies the values, in float32 and
   * before rounding.
   *
   * @param fullPrecision whether products with it need wide operands
   */
  public record Source(Supplier<Raw> values, boolean fullPrecision) {
    /** A tensor of a model. */
    public Source(StoredTensor tensor) {
      this(
          () -> new Raw(tensor.type(), tensor.shape(), tensor.bytes(), tensor.scale()),
          tensor.fullPrecision());
    }

    /** A whole tensor with its own values. */
    public Source(SafetensorsFile file, String name) {
      this(
          new StoredTensor(
              file, name, file.entry(name).type(), file.entry(name).shape(), 0, false, 1, false));
    }
  }

  /**
   * How the weights of a network's linear layers lie on the device.
   *
   * @param float8 which of them lie in float8, each with {@code <module>.scale}
   * @param multiplied whether products run in float8 where size and file allow it; otherwise
   *     weights are widened before a product
   * @param packed whether wide ones are reordered for oneDNN on a CPU. Java can't read such a
   *     tensor's values
   */
  public record Storage(Float8Layers float8, boolean multiplied, boolean packed) {
    /** All in the compute type. */
    public static Storage wide(boolean packed) {
      return new Storage(Float8Layers.none(), false, packed);
    }

    /** The same without reordering. */
    public Storage unpacked() {
      return new Storage(float8, multiplied, false);
    }
  }

  /**
   * A tensor in host memory.
   *
   * @param bytes its values, little-endian, from position to limit; a direct buffer avoids a copy
   * @param factor multiplies the values, in float32 and before rounding
   */
  public record Raw(TensorType type, List<Long> shape, ByteBuffer bytes, double factor) {}

  /** The type of loaded tensors, unless a call names another one. */
  public ComputeType computeType() {
    return computeType;
  }

  /**
   * Loads every source under its key, in the compute type. The map is owned by {@code parent}.
   *
   * @throws IllegalArgumentException if a tensor is not F32, F16, BF16 or a float of 8 bits
   */
  public TensorMap load(Map<String, Source> sources, NDManager parent) {
    return load(sources, computeType, parent);
  }

  /** As {@link #load(Map, NDManager)}, in a given type. */
  public TensorMap load(Map<String, Source> sources, ComputeType type, NDManager parent) {
    return map(sources, (source, manager) -> load(source.values().get(), type, manager), parent);
  }

  /** As {@link #load(Map, NDManager)}, with linear layers as {@code storage} says. */
  public TensorMap load(Map<String, Source> sources, Storage storage, NDManager parent) {
    return filled(
        parent,
        (manager, arrays) ->
            sources.forEach((name, source) -> store(name, source, storage, manager, arrays)));
  }

  private void store(
      String name, Source source, Storage storage, NDManager manager, Map<String, NDArray> arrays) {
    Raw raw = source.values().get();
    boolean kept = raw.type() == TensorType.F8_E4M3 && storage.float8().kept().contains(name);
    boolean made = storage.float8().made().contains(name);
    if (training || !(kept || made)) {
      arrays.put(name, load(raw, storage.packed(), manager));
      return;
    }
    List<NDArray> pair = kept ? kept(raw, manager) : rounded(raw, manager);
    arrays.put(name, pair.getFirst());
    NDArray scale = pair.getLast();
    boolean multiplied = storage.multiplied() && made && !source.fullPrecision() && even(raw);
    arrays.put(scaleOf(name), multiplied ? laid(scale, manager) : scale);
  }

  /** A product in float8 takes matrices whose sides are multiples of 16. */
  private static boolean even(Raw raw) {
    return raw.shape().stream().allMatch(side -> side % 16 == 0);
  }

  /** Name of the scales of a float8 weight. */
  public static String scaleOf(String weight) {
    return weight.substring(0, weight.length() - ".weight".length()) + ".scale";
  }

  private List<NDArray> kept(Raw raw, NDManager manager) {
    try (NDArray bytes = bytes(raw, manager);
        Graph.Call call = graph.call("kept")) {
      return call.with(bytes).withNumbers(shape(raw)).with(raw.factor()).tensors(manager);
    }
  }

  private List<NDArray> rounded(Raw raw, NDManager manager) {
    try (NDArray bytes = bytes(raw, manager);
        Graph.Call call = graph.call("rounded")) {
      return call.with(bytes)
          .withNumber(torchNumber(raw.type()))
          .withNumbers(shape(raw))
          .with(raw.factor())
          .tensors(manager);
    }
  }

  private NDArray laid(NDArray scale, NDManager manager) {
    try (scale;
        Graph.Call call = graph.call("laid")) {
      return call.with(scale).tensor(manager);
    }
  }

  /**
   * A weight of a map on the manager's device, in float32 if it lies in float8; as it is otherwise.
   *
   * @param manager owner of the result if it is a new one
   */
  public NDArray wide(TensorMap map, String name, NDManager manager) {
    NDArray there = map.array(name);
    NDArray here = there.getDevice().equals(manager.getDevice()) ? there : moved(there, manager);
    if (!name.endsWith(".weight") || !map.names().contains(scaleOf(name))) {
      return here;
    }
    try (Graph.Call call = graph.call("widened")) {
      NDArray scale = moved(map.array(scaleOf(name)), manager);
      return call.with(here).with(scale).tensor(manager);
    }
  }

  /**
   * Loads tensors from host memory in the compute type. On a CPU this reorders the weights of
   * linear layers (all two-dimensional tensors) for oneDNN.
   */
  public TensorMap loadRaw(Map<String, Raw> tensors, NDManager parent) {
    return map(tensors, this::packed, parent);
  }

  /** Loads one tensor from host memory in the compute type, packed as by {@link #loadRaw}. */
  public NDArray load(Raw tensor, boolean packed, NDManager manager) {
    return packed ? packed(tensor, manager) : load(tensor, computeType, manager);
  }

  /** Training uses no packed weights, because they have no gradient. */
  private NDArray packed(Raw tensor, NDManager manager) {
    if (training || tensor.shape().size() != 2) {
      return load(tensor, computeType, manager);
    }
    try (NDArray plain = load(tensor, computeType, manager);
        Graph.Call call = graph.call("pack")) {
      return call.with(plain).tensor(manager);
    }
  }

  /** Loads one tensor from host memory and attaches it to {@code manager}. */
  public NDArray load(Raw tensor, ComputeType type, NDManager manager) {
    try (NDArray raw = bytes(tensor, manager);
        Graph.Call call = graph.call("decode")) {
      call.with(raw)
          .withNumber(torchNumber(tensor.type()))
          .withNumber(type.torchNumber())
          .withNumbers(shape(tensor))
          .with(tensor.factor());
      return training ? call.trained(manager) : call.tensor(manager);
    }
  }

  private static NDArray bytes(Raw tensor, NDManager manager) {
    Shape length = new Shape(tensor.bytes().remaining());
    return manager.create(tensor.bytes(), length, DataType.UINT8);
  }

  private static long[] shape(Raw tensor) {
    return tensor.shape().stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * A copy of a map on the manager's device, in the same types. Where it is there already, the copy
   * shares its memory.
   *
   * @param map of tensors that are not packed
   * @param manager owner of the copy
   */
  public TensorMap moved(TensorMap map, NDManager manager) {
    return filled(
        manager,
        (own, arrays) ->
            map.names().forEach(name -> arrays.put(name, moved(map.array(name), own))));
  }

  /** As {@link #moved(TensorMap, NDManager)}, one tensor. */
  public NDArray moved(NDArray array, NDManager manager) {
    try (NDArray like = manager.create(0f);
        Graph.Call call = graph.call("moved")) {
      return call.with(array).with(like).tensor(manager);
    }
  }

  /** As {@link #moved(NDArray, NDManager)}, and packed as by {@link #loadRaw} if it is a matrix. */
  public NDArray movedPacked(NDArray array, NDManager manager) {
    NDArray here = moved(array, manager);
    if (here.getShape().dimension() != 2) {
      return here;
    }
    try (here;
        Graph.Call call = graph.call("pack")) {
      return call.with(here).tensor(manager);
    }
  }

  /** A tensor on the manager's device in the compute type; shares its memory if it is so. */
  public NDArray placed(NDArray array, NDManager manager) {
    try (NDArray like = manager.create(0f);
        Graph.Call call = graph.call("placed")) {
      return call.with(array).with(like).withNumber(computeType.torchNumber()).tensor(manager);
    }
  }

  /**
   * base + strength * delta + ..., computed in float32 in this order, rounded once to the compute
   * type. A matrix is packed as by {@link #loadRaw}.
   *
   * @param base not changed; packed or not
   * @param deltas of its shape, float32
   * @param manager owner of the result
   */
  public NDArray merge(NDArray base, List<NDArray> deltas, double[] strengths, NDManager manager) {
    try (Graph.Call call = graph.call("merge")) {
      return call.with(base)
          .with(deltas)
          .withFractions(strengths)
          .withNumber(computeType.torchNumber())
          .tensor(manager);
    }
  }

  /**
   * factor * part + ..., computed in float32 and rounded once to the compute type.
   *
   * @param parts of one shape, packed or not; not changed
   * @param packed whether to pack the result as by {@link #loadRaw}
   * @param manager owner of the result
   */
  public NDArray summed(List<NDArray> parts, double[] factors, boolean packed, NDManager manager) {
    try (Graph.Call call = graph.call("summed")) {
      return call.with(parts)
          .withFractions(factors)
          .withNumber(computeType.torchNumber())
          .with(packed)
          .tensor(manager);
    }
  }

  /**
   * Matrices side by side.
   *
   * @param parts of one type, packed or not; not changed
   * @param factors one for each part, which it is multiplied by in float32 and then rounded
   * @param dimension 0: one below the other, 1: one beside the other
   * @param packed whether to pack the result as by {@link #loadRaw}
   * @param manager owner of the result
   */
  public NDArray joined(
      List<NDArray> parts, double[] factors, int dimension, boolean packed, NDManager manager) {
    try (Graph.Call call = graph.call("joined")) {
      return call.with(parts)
          .withFractions(factors)
          .withNumber(dimension)
          .with(packed)
          .tensor(manager);
    }
  }

  private <T> TensorMap map(
      Map<String, T> sources, BiFunction<T, NDManager, NDArray> loading, NDManager parent) {
    return filled(
        parent,
        (manager, arrays) ->
            sources.forEach((key, source) -> arrays.put(key, loading.apply(source, manager))));
  }

  private static TensorMap filled(
      NDManager parent, BiConsumer<NDManager, Map<String, NDArray>> loading) {
    NDManager manager = parent.newSubManager();
    try {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      loading.accept(manager, arrays);
      return TensorMap.of(manager, arrays);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static long torchNumber(TensorType type) {
    return switch (type) {
      case F16 -> 5;
      case F32 -> ComputeType.FLOAT32.torchNumber();
      case BF16 -> ComputeType.BFLOAT16.torchNumber();
      case F8_E5M2 -> 23;
      case F8_E4M3 -> 24;
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64, F64 ->
          throw new IllegalArgumentException("can't load " + type);
    };
  }
}
