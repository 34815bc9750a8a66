package dev.polyptych.engine.adapter;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import dev.polyptych.engine.adapter.AppliedAdapters.Applied;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.FluxTransformer;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.lora.HostChange;
import dev.polyptych.weights.lora.HostNorm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings adapters to the device that a transformer's weights are on. Belongs to the render thread.
 */
public final class DevicePlacement implements AdapterPlacement {
  private final FluxTransformer transformer;
  private final TensorLoader loader;
  private final NDManager manager;
  private final DeviceDeltas deltas;
  private final TensorMap noBranch;

  /** Adapters are allocated below {@code manager}. */
  public DevicePlacement(FluxTransformer transformer, TensorLoader loader, NDManager manager) {
    this.transformer = transformer;
    this.loader = loader;
    this.manager = manager;
    this.deltas = new DeviceDeltas(loader, transformer.base(), manager);
    this.noBranch = TensorMap.empty(manager);
  }

  @Override
  public Adapter branch(HostAdapter adapter) {
    return new BranchAdapter(
        adapter.name(),
        adapter.digest(),
        adapter.rank(),
        adapter.changes().stream()
            .filter(change -> !change.ofText())
            .map(HostChange::layer)
            .collect(Collectors.toUnmodifiableSet()),
        adapter.bytes(),
        adapter.changesText(),
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
        Weights weights = new Weights(transformer.base(), joined, 1, text(parts));
        yield new AppliedAdapters(applied, weights, joined::close);
      }
    };
  }

  private TensorMap joined(List<Weights> parts) {
    return owned(own -> JoinedBranches.of(loader, parts, own));
  }

  private TensorMap owned(Function<NDManager, Map<String, NDArray>> making) {
    NDManager own = manager.newSubManager();
    try {
      return TensorMap.of(own, making.apply(own));
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  @Override
  public AppliedAdapters merged(List<HostAdapter> adapters, List<Double> scales) {
    List<Applied> applied = new ArrayList<>();
    for (int i = 0; i < adapters.size(); i++) {
      HostAdapter adapter = adapters.get(i);
      applied.add(new Applied(adapter.name(), adapter.digest(), Way.MERGED, scales.get(i)));
    }
    TensorMap merged = merge(adapters, scales);
    List<HostAdapter> text = adapters.stream().filter(HostAdapter::changesText).toList();
    if (text.isEmpty()) {
      return new AppliedAdapters(applied, base(merged), merged::close);
    }
    List<Weights> parts = new ArrayList<>();
    try {
      for (HostAdapter adapter : text) {
        double scale = scales.get(adapters.indexOf(adapter));
        parts.add(textBranch(adapter).weights(scale));
      }
      TensorMap branch = joined(parts);
      Weights weights = new Weights(merged, branch, 1, text(parts));
      return new AppliedAdapters(
          applied,
          weights,
          () -> {
            branch.close();
            merged.close();
          });
    } catch (RuntimeException e) {
      merged.close();
      throw e;
    } finally {
      parts.forEach(part -> part.branch().close());
    }
  }

  /** What an adapter changes of the text encoders, which are never merged. */
  private Adapter textBranch(HostAdapter adapter) {
    List<HostChange> changes = adapter.changes().stream().filter(HostChange::ofText).toList();
    return branch(new HostAdapter(adapter.name(), adapter.digest(), changes, List.of()));
  }

  private static String text(List<Weights> parts) {
    return parts.stream().map(Weights::text).filter(text -> !text.isEmpty()).collect(joining(" "));
  }

  /** What one adapter adds to a tensor. */
  private record Addend(Function<NDManager, Optional<NDArray>> delta, double scale) {}

  private TensorMap merge(List<HostAdapter> adapters, List<Double> scales) {
    Map<String, List<Addend>> sums = new LinkedHashMap<>();
    for (int i = 0; i < adapters.size(); i++) {
      double scale = scales.get(i);
      for (HostChange change : adapters.get(i).changes()) {
        if (change.ofText()) {
          continue;
        }
        String module = change.layer().module();
        if (change.delta().isPresent()) {
          addends(sums, module + ".weight")
              .add(new Addend(own -> deltas.weight(change, own), scale));
        }
        if (!change.biases().isEmpty()) {
          addends(sums, module + ".bias").add(new Addend(own -> deltas.bias(change, own), scale));
        }
      }
      for (HostNorm norm : adapters.get(i).norms()) {
        addends(sums, norm.module() + ".weight")
            .add(new Addend(own -> Optional.of(deltas.norm(norm, own)), scale));
      }
    }
    NDManager own = manager.newSubManager();
    try {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      sums.forEach((name, addends) -> tensors.put(name, merged(name, addends, own)));
      return transformer.base().with(tensors, own);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private static List<Addend> addends(Map<String, List<Addend>> sums, String name) {
    return sums.computeIfAbsent(name, tensor -> new ArrayList<>());
  }

  private NDArray merged(String name, List<Addend> addends, NDManager own) {
    try (NDManager scratch = own.newSubManager()) {
      List<NDArray> parts =
          addends.stream().map(addend -> addend.delta().apply(scratch).orElseThrow()).toList();
      double[] scales = addends.stream().mapToDouble(Addend::scale).toArray();
      NDArray base = loader.wide(transformer.base(), name, scratch);
      return loader.merge(base, parts, scales, own);
    }
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
    return owned(
        own -> {
          Map<String, NDArray> tensors = new LinkedHashMap<>();
          adapter.changes().forEach(change -> deltas.addBranch(change, tensors, own));
          adapter.norms().forEach(norm -> deltas.addBranch(norm, tensors, own));
          JoinedBranches.mark(tensors, own);
          return tensors;
        });
  }
}
