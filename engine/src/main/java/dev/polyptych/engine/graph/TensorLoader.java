package dev.polyptych.engine.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.weights.model.StoredTensor;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

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

  /** A tensor in a file. Its scale multiplies the values, in float32 and before rounding. */
  public record Source(StoredTensor tensor) {
    /** A whole tensor with its own values. */
    public Source(SafetensorsFile file, String name) {
      this(
          new StoredTensor(
              file, name, file.entry(name).type(), file.entry(name).shape(), 0, false, 1));
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
    return map(sources, (source, manager) -> load(raw(source), type, manager), parent);
  }

  /**
   * As {@link #load(Map, NDManager)}, for the transformer. On a CPU this reorders the weights of
   * linear layers (all two-dimensional tensors) for oneDNN. Java can't read such a tensor's values.
   */
  public TensorMap loadPacked(Map<String, Source> sources, NDManager parent) {
    return map(sources, (source, manager) -> packed(raw(source), manager), parent);
  }

  /** As {@link #loadPacked}, from host memory. */
  public TensorMap loadRaw(Map<String, Raw> tensors, NDManager parent) {
    return map(tensors, this::packed, parent);
  }

  /** Loads one tensor from host memory in the compute type, packed as by {@link #loadPacked}. */
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
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    Shape length = new Shape(tensor.bytes().remaining());
    try (NDArray raw = manager.create(tensor.bytes(), length, DataType.UINT8);
        Graph.Call call = graph.call("decode")) {
      call.with(raw)
          .withNumber(torchNumber(tensor.type()))
          .withNumber(type.torchNumber())
          .withNumbers(shape)
          .with(tensor.factor());
      return training ? call.trained(manager) : call.tensor(manager);
    }
  }

  /**
   * base + strength * delta + ..., computed in float32 in this order, rounded once to the base's
   * type. A matrix is packed as by {@link #loadPacked}.
   *
   * @param base not changed; packed or not
   * @param deltas of its shape, float32
   * @param manager owner of the result
   */
  public NDArray merge(NDArray base, List<NDArray> deltas, double[] strengths, NDManager manager) {
    try (Graph.Call call = graph.call("merge")) {
      return call.with(base).with(deltas).withFractions(strengths).tensor(manager);
    }
  }

  /**
   * factor * part + ..., computed in float32 and rounded once to the compute type.
   *
   * @param parts of one shape, packed or not; not changed
   * @param packed whether to pack the result as by {@link #loadPacked}
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
   * @param packed whether to pack the result as by {@link #loadPacked}
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
    NDManager manager = parent.newSubManager();
    try {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      sources.forEach((key, source) -> arrays.put(key, loading.apply(source, manager)));
      return TensorMap.of(manager, arrays);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static Raw raw(Source source) {
    StoredTensor tensor = source.tensor();
    return new Raw(tensor.type(), tensor.shape(), tensor.bytes(), tensor.scale());
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
