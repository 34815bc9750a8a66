package dev.polyptych.engine.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Named tensors as one argument of a graph ({@code Dict[str, Tensor]}), built once and passed at
 * every call. Owns its arrays, save those that it shares with another map: they die with it.
 */
public final class TensorMap implements AutoCloseable {
  private final NDManager manager;
  private final Map<String, NDArray> arrays;
  private final IValue dictionary;

  private TensorMap(NDManager manager, Map<String, NDArray> arrays, IValue dictionary) {
    this.manager = manager;
    this.arrays = arrays;
    this.dictionary = dictionary;
  }

  /** Takes over {@code manager} and the arrays, all of which must be attached to it. */
  public static TensorMap of(NDManager manager, Map<String, NDArray> arrays) {
    Map<String, PtNDArray> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, (PtNDArray) array));
    IValue dictionary = IValue.stringMapFrom(tensors);
    manager.attachInternal("dictionary " + UUID.randomUUID(), dictionary);
    return new TensorMap(manager, Map.copyOf(arrays), dictionary);
  }

  /** A map without tensors. */
  public static TensorMap empty(NDManager parent) {
    return of(parent.newSubManager(), Map.of());
  }

  /**
   * A map of its own, in which some tensors stand for this one's of the same name; the others are
   * shared, so this map must outlive it.
   *
   * @param replacements all attached to {@code manager}, which the new map takes over
   */
  public TensorMap with(Map<String, NDArray> replacements, NDManager manager) {
    Map<String, NDArray> mixed = new LinkedHashMap<>(arrays);
    mixed.putAll(replacements);
    return of(manager, mixed);
  }

  /** The names of the tensors. */
  public Set<String> names() {
    return arrays.keySet();
  }

  /** A tensor, to be read only. */
  public NDArray array(String name) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no tensor '" + name + "'");
    }
    return array;
  }

  IValue dictionary() {
    return dictionary;
  }

  @Override
  public void close() {
    manager.close();
  }
}
