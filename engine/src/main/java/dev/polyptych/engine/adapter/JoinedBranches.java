package dev.polyptych.engine.adapter;

import static dev.polyptych.engine.adapter.DeviceDeltas.BIAS;
import static dev.polyptych.engine.adapter.DeviceDeltas.DOWN;
import static dev.polyptych.engine.adapter.DeviceDeltas.LOKR_LEFT;
import static dev.polyptych.engine.adapter.DeviceDeltas.LOKR_RIGHT;
import static dev.polyptych.engine.adapter.DeviceDeltas.LOKR_ROWS;
import static dev.polyptych.engine.adapter.DeviceDeltas.LOKR_SKIP;
import static dev.polyptych.engine.adapter.DeviceDeltas.ROWS;
import static dev.polyptych.engine.adapter.DeviceDeltas.UP;
import static dev.polyptych.engine.adapter.DeviceDeltas.WHOLE;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.model.FluxTransformer.Weights;
import dev.polyptych.weights.lora.HostChange;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Branches as one, each at its strength: pairs joined along the rank, Kronecker terms one after the
 * other, the rest added up. Each strength is multiplied in float32 and rounded once.
 */
final class JoinedBranches {
  /** Tells the graph that a branch has more than pairs. */
  static final String MORE = "more";

  private final TensorLoader loader;
  private final List<Weights> parts;
  private final NDManager own;
  private final Map<String, NDArray> tensors = new LinkedHashMap<>();

  private JoinedBranches(TensorLoader loader, List<Weights> parts, NDManager own) {
    this.loader = loader;
    this.parts = parts;
    this.own = own;
  }

  /**
   * @param own owner of the result
   */
  static Map<String, NDArray> of(TensorLoader loader, List<Weights> parts, NDManager own) {
    JoinedBranches joined = new JoinedBranches(loader, parts, own);
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(part.branch().names()));
    names.forEach(joined::add);
    mark(joined.tensors, own);
    return joined.tensors;
  }

  /** Adds {@link #MORE} to a branch that needs it. */
  static void mark(Map<String, NDArray> tensors, NDManager own) {
    boolean more =
        tensors.keySet().stream().anyMatch(name -> !name.endsWith(DOWN) && !name.endsWith(UP));
    if (more) {
      tensors.put(MORE, own.zeros(new Shape(1)));
    }
  }

  private void add(String name) {
    if (name.endsWith(DOWN)) {
      tensors.put(name, sideBySide(name, false, 0));
    } else if (name.endsWith(UP)) {
      tensors.put(name, sideBySide(name, true, 1));
    } else if (name.endsWith(WHOLE) || name.endsWith(BIAS) || name.endsWith(ROWS)) {
      tensors.put(name, sum(name));
    } else if (name.endsWith(LOKR_LEFT + 0)) {
      addTerms(name.substring(0, name.length() - LOKR_LEFT.length() - 1));
    }
  }

  private NDArray sideBySide(String name, boolean scaled, int dimension) {
    List<Weights> having = having(name);
    return loader.joined(
        arrays(name, having),
        having.stream().mapToDouble(part -> scaled ? part.strength() : 1).toArray(),
        dimension,
        packed(name),
        own);
  }

  private NDArray sum(String name) {
    List<Weights> having = having(name);
    List<NDArray> arrays = arrays(name, having);
    boolean packed = packed(name) && arrays.getFirst().getShape().dimension() == 2;
    return loader.summed(
        arrays, having.stream().mapToDouble(Weights::strength).toArray(), packed, own);
  }

  /** The text encoders' graphs take no packed weights. */
  private static boolean packed(String name) {
    return !HostChange.ofText(name);
  }

  /** A branch has at most one Kronecker term a layer. */
  private void addTerms(String module) {
    int term = 0;
    for (Weights part : having(module + LOKR_LEFT + 0)) {
      for (String copied : List.of(LOKR_LEFT, LOKR_RIGHT, LOKR_SKIP)) {
        tensors.put(module + copied + term, times(part, module + copied + 0, 1));
      }
      tensors.put(module + LOKR_ROWS + term, times(part, module + LOKR_ROWS + 0, part.strength()));
      term++;
    }
  }

  private NDArray times(Weights part, String name, double factor) {
    return loader.summed(List.of(part.branch().array(name)), new double[] {factor}, false, own);
  }

  private List<Weights> having(String name) {
    return parts.stream().filter(part -> part.branch().names().contains(name)).toList();
  }

  private static List<NDArray> arrays(String name, List<Weights> having) {
    return having.stream().map(part -> part.branch().array(name)).toList();
  }
}
