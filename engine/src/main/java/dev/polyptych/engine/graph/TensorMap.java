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
 * Named tensors as one argument of a graph ({@code Dict[str, Tensor]}). It is built once and passed
 * to every call. Closing it frees its arrays, except those that it shares with another map.
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

  /** Takes over {@code manager}. All arrays must be attached to it. */
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
   * A map in which some tensors replace those of the same name in this map. It shares the others
   * with this map, so this map must stay open longer.
   *
   * @param replacements tensors that are attached to {@code manager}
   * @param manager the new map takes it over
   */
  public TensorMap with(Map<String, NDArray> replacements, NDManager manager) {
    Map<String, NDArray> mixed = new LinkedHashMap<>(arrays);
    mixed.putAll(replacements);
    return of(manager, mixed);
  }

  /** The tensors of both. Closing the result closes both. */
  public TensorMap and(TensorMap other) {
    Map<String, NDArray> all = new LinkedHashMap<>(arrays);
    all.putAll(other.arrays);
    manager.attachInternal("map " + UUID.randomUUID(), other);
    return of(manager, all);
  }

  /** The names of the tensors. */
  public Set<String> names() {
    return arrays.keySet();
  }

  /**
   * A tensor; the caller must not change or close it.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
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
