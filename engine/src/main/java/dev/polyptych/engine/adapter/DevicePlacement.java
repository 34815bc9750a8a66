package dev.polyptych.engine.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.engine.adapter.AppliedAdapters.Applied;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorLoader.LowRank;
import dev.polyptych.engine.graph.TensorLoader.Raw;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.lora.HostPair;
import dev.polyptych.weights.lora.Matrix;
import dev.polyptych.weights.model.LinearLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings adapters to the device that a transformer's weights are on. Belongs to the render thread.
 */
public final class DevicePlacement implements AdapterPlacement {
  private static final String DOWN = ".lora_A";
  private static final String UP = ".lora_B";

  private final FluxTransformer transformer;
  private final TensorLoader loader;
  private final NDManager manager;
  private final TensorMap noBranch;

  /** Adapters are allocated below {@code manager}. */
  public DevicePlacement(FluxTransformer transformer, TensorLoader loader, NDManager manager) {
    this.transformer = transformer;
    this.loader = loader;
    this.manager = manager;
    this.noBranch = TensorMap.empty(manager);
  }

  @Override
  public Adapter branch(HostAdapter adapter) {
    return new BranchAdapter(
        adapter.name(),
        adapter.digest(),
        adapter.rank(),
        adapter.pairs().stream().map(HostPair::layer).collect(Collectors.toUnmodifiableSet()),
        adapter.bytes(),
        transformer.base(),
        branchTensors(adapter));
  }

  @Override
  public AppliedAdapters joined(List<Adapter> branches, List<Double> scales) {
    if (branches.size() == 1) {
      return branches.getFirst().at(scales.getFirst());
    }
    List<Applied> applied = new ArrayList<>();
    List<Weights> parts = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      AppliedAdapters alone = branches.get(i).at(scales.get(i));
      applied.addAll(alone.adapters());
      if (scales.get(i) != 0) {
        parts.add(alone.weights());
      }
    }
    return switch (parts.size()) {
      case 0 -> new AppliedAdapters(applied, base(transformer.base()), () -> {});
      case 1 -> new AppliedAdapters(applied, parts.getFirst(), () -> {});
      default -> {
        TensorMap joined = joined(parts);
        Weights weights = new Weights(transformer.base(), joined, 1);
        yield new AppliedAdapters(applied, weights, joined::close);
      }
    };
  }

  private TensorMap joined(List<Weights> parts) {
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(part.branch().names()));
    NDManager own = manager.newSubManager();
    try {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      for (String name : names) {
        List<Weights> having =
            parts.stream().filter(part -> part.branch().names().contains(name)).toList();
        tensors.put(name, joined(name, having, own));
      }
      return TensorMap.of(own, tensors);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private NDArray joined(String name, List<Weights> parts, NDManager own) {
    boolean up = name.endsWith(UP);
    return loader.joined(
        parts.stream().map(part -> part.branch().array(name)).toList(),
        parts.stream().mapToDouble(part -> up ? part.strength() : 1).toArray(),
        up ? 1 : 0,
        own);
  }

  @Override
  public AppliedAdapters merged(List<HostAdapter> adapters, List<Double> scales) {
    List<Applied> applied = new ArrayList<>();
    Map<LinearLayer, List<Addend>> sums = new LinkedHashMap<>();
    for (int i = 0; i < adapters.size(); i++) {
      HostAdapter adapter = adapters.get(i);
      double scale = scales.get(i);
      applied.add(new Applied(adapter.name(), adapter.digest(), Way.MERGED, scale));
      for (HostPair pair : adapter.pairs()) {
        sums.computeIfAbsent(pair.layer(), layer -> new ArrayList<>()).add(new Addend(pair, scale));
      }
    }
    TensorMap merged = merged(sums);
    return new AppliedAdapters(applied, base(merged), merged::close);
  }

  /** What one adapter adds to a layer. */
  private record Addend(HostPair pair, double scale) {}

  private TensorMap merged(Map<LinearLayer, List<Addend>> sums) {
    NDManager own = manager.newSubManager();
    try {
      Map<String, NDArray> layers = new LinkedHashMap<>();
      sums.forEach(
          (layer, addends) -> {
            String name = layer.module() + ".weight";
            layers.put(name, merged(transformer.base().array(name), addends, own));
          });
      return transformer.base().with(layers, own);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private NDArray merged(NDArray base, List<Addend> addends, NDManager own) {
    try (NDManager scratch = own.newSubManager()) {
      List<LowRank> parts =
          addends.stream()
              .map(
                  addend ->
                      new LowRank(
                          loaded(addend.pair().down(), 1, scratch),
                          loaded(addend.pair().up(), addend.pair().factor(), scratch),
                          addend.scale()))
              .toList();
      return loader.merge(base, parts, own);
    }
  }

  private NDArray loaded(Matrix matrix, double factor, NDManager scratch) {
    return loader.load(raw(matrix, factor), ComputeType.FLOAT32, scratch);
  }

  @Override
  public long mergedBytes(List<Adapter> branches) {
    return branches.stream()
        .flatMap(branch -> branch.layers().stream())
        .distinct()
        .mapToLong(layer -> layer.inputs() * layer.outputs())
        .map(values -> values * loader.computeType().bytes())
        .sum();
  }

  private Weights base(TensorMap tensors) {
    return new Weights(tensors, noBranch, 0);
  }

  private TensorMap branchTensors(HostAdapter adapter) {
    Map<String, Raw> tensors = new LinkedHashMap<>();
    for (HostPair pair : adapter.pairs()) {
      tensors.put(pair.layer().module() + DOWN, raw(pair.down(), 1));
      tensors.put(pair.layer().module() + UP, raw(pair.up(), pair.factor()));
    }
    return loader.loadRaw(tensors, manager);
  }

  private static Raw raw(Matrix matrix, double factor) {
    return new Raw(matrix.type(), matrix.shape(), matrix.bytes().duplicate(), factor);
  }
}
