package dev.polyptych.engine.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorLoader.Raw;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.lora.HostPair;
import dev.polyptych.weights.lora.Matrix;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Brings adapters to the device that a transformer's weights are on. Belongs to the render thread.
 */
public final class DevicePlacement implements AdapterPlacement {
  private final FluxTransformer transformer;
  private final TensorLoader loader;
  private final NDManager manager;

  /** Adapters are allocated below {@code manager}. */
  public DevicePlacement(FluxTransformer transformer, TensorLoader loader, NDManager manager) {
    this.transformer = transformer;
    this.loader = loader;
    this.manager = manager;
  }

  @Override
  public Adapter branch(HostAdapter adapter) {
    return new BranchAdapter(
        adapter.name(),
        adapter.digest(),
        adapter.rank(),
        adapter.modules(),
        adapter.bytes(),
        transformer.base(),
        branchTensors(adapter));
  }

  @Override
  public Adapter merged(HostAdapter adapter, Adapter branch, double strength) {
    NDManager own = manager.newSubManager();
    try {
      Map<String, NDArray> layers = new LinkedHashMap<>();
      for (HostPair pair : adapter.pairs()) {
        layers.put(pair.layer().module() + ".weight", merged(pair, strength, own));
      }
      TensorMap noBranch = TensorMap.empty(own);
      return new MergedAdapter(branch, transformer.base().with(layers, own), noBranch, strength);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  @Override
  public long mergedBytes(HostAdapter adapter) {
    return adapter.pairs().stream()
        .mapToLong(pair -> pair.layer().inputs() * pair.layer().outputs())
        .map(values -> values * loader.computeType().bytes())
        .sum();
  }

  private NDArray merged(HostPair pair, double strength, NDManager own) {
    NDArray base = transformer.base().array(pair.layer().module() + ".weight");
    try (NDManager scratch = own.newSubManager()) {
      NDArray down = loader.load(raw(pair.down(), 1), ComputeType.FLOAT32, scratch);
      NDArray up = loader.load(raw(pair.up(), pair.factor()), ComputeType.FLOAT32, scratch);
      return loader.merge(base, down, up, strength, own);
    }
  }

  private TensorMap branchTensors(HostAdapter adapter) {
    Map<String, Raw> tensors = new LinkedHashMap<>();
    for (HostPair pair : adapter.pairs()) {
      tensors.put(pair.layer().module() + ".lora_A", raw(pair.down(), 1));
      tensors.put(pair.layer().module() + ".lora_B", raw(pair.up(), pair.factor()));
    }
    return loader.loadRaw(tensors, manager);
  }

  private static Raw raw(Matrix matrix, double factor) {
    return new Raw(matrix.type(), matrix.shape(), matrix.bytes().duplicate(), factor);
  }
}
