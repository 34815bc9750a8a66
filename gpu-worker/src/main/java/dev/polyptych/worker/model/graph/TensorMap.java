package dev.polyptych.worker.model.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Named tensors as one argument of a graph ({@code Dict[str, Tensor]}), built once and passed at
 * every call. Owns its arrays: they die with it.
 */
public final class TensorMap implements AutoCloseable {
  private final NDManager manager;
  private final IValue dictionary;

  private TensorMap(NDManager manager, IValue dictionary) {
    this.manager = manager;
    this.dictionary = dictionary;
  }

  /** Takes over {@code manager} and the arrays, all of which must be attached to it. */
  static TensorMap of(NDManager manager, Map<String, NDArray> arrays) {
    Map<String, PtNDArray> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, (PtNDArray) array));
    IValue dictionary = IValue.stringMapFrom(tensors);
    manager.attachInternal("dictionary " + UUID.randomUUID(), dictionary);
    return new TensorMap(manager, dictionary);
  }

  /** A map without tensors. */
  public static TensorMap empty(NDManager parent) {
    return of(parent.newSubManager(), Map.of());
  }

  IValue dictionary() {
    return dictionary;
  }

  @Override
  public void close() {
    manager.close();
  }
}
