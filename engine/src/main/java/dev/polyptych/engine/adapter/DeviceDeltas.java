package dev.polyptych.engine.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorLoader;
import dev.polyptych.engine.graph.TensorLoader.Raw;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.weights.lora.Delta;
import dev.polyptych.weights.lora.HostChange;
import dev.polyptych.weights.lora.HostChange.Bias;
import dev.polyptych.weights.lora.HostChange.Magnitude;
import dev.polyptych.weights.lora.HostNorm;
import dev.polyptych.weights.lora.Matrix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes what adapters change on the device, in float32: whole, for merging, and as the tensors
 * of a branch (see {@code transformer.torchscript}), which are rounded once. Belongs to the render
 * thread.
 */
final class DeviceDeltas {
  static final String DOWN = ".lora_A";
  static final String UP = ".lora_B";
  static final String WHOLE = ".diff";
  static final String BIAS = ".diff_b";
  static final String ROWS = ".dora";
  static final String LOKR_LEFT = ".lokr_left.";
  static final String LOKR_RIGHT = ".lokr_right.";
  static final String LOKR_SKIP = ".lokr_skip.";
  static final String LOKR_ROWS = ".lokr_rows.";

  private final TensorLoader loader;
  private final Graph graph;
  private final TensorMap base;

  DeviceDeltas(TensorLoader loader, TensorMap base, NDManager manager) {
    this.loader = loader;
    this.base = base;
    this.graph = Graph.load("weights", manager);
  }

  /** A delta on the device, in float32, without its magnitude. */
  private sealed interface Form {
    record Low(NDArray up, NDArray down) implements Form {}

    record Whole(NDArray values) implements Form {}

    /** Rows of left ⊗ right after the skipped ones, times the factor. */
    record Kronecker(NDArray left, NDArray right, int skip, double factor) implements Form {}
  }

  /** What is added to the layer's weight, (outputs x inputs); empty if only its bias changes. */
  Optional<NDArray> weight(HostChange change, NDManager scratch) {
    return change
        .delta()
        .map(
            delta -> {
              NDArray plain = dense(form(delta, change, scratch), change, scratch);
              return change
                  .magnitude()
                  .map(magnitude -> decomposed(magnitude, plain, change, scratch))
                  .orElse(plain);
            });
  }

  /** DoRA, whole. */
  private NDArray decomposed(
      Magnitude magnitude, NDArray delta, HostChange change, NDManager scratch) {
    NDArray lengths = loaded(magnitude.lengths(), 1, scratch);
    if (magnitude.ofColumns()) {
      return call("columns_scaled", scratch, weightOf(change, scratch), delta, lengths);
    }
    NDArray factors = call("row_factors", scratch, weightOf(change, scratch), delta, lengths);
    return call("rows_scaled", scratch, weightOf(change, scratch), delta, factors);
  }

  /** What is added to the layer's bias, (outputs); empty if nothing is. */
  Optional<NDArray> bias(HostChange change, NDManager scratch) {
    return change.biases().stream()
        .map(bias -> vector(bias, scratch))
        .reduce((one, other) -> one.add(other));
  }

  private NDArray vector(Bias bias, NDManager scratch) {
    return loaded(bias.values(), bias.factor(), scratch).flatten();
  }

  /** What is added to the norm's weight. */
  NDArray norm(HostNorm norm, NDManager scratch) {
    NDArray values = loaded(norm.values(), 1, scratch).flatten();
    return norm.whole()
        ? call("beyond", scratch, base.array(norm.module() + ".weight"), values)
        : values;
  }

  /**
   * Adds the tensors of a branch that changes a norm.
   *
   * @param own owner of the tensors
   */
  void addBranch(HostNorm norm, Map<String, NDArray> tensors, NDManager own) {
    try (NDManager scratch = own.newSubManager()) {
      tensors.put(norm.module() + WHOLE, rounded(norm(norm, scratch), false, own));
    }
  }

  /**
   * Adds the tensors of a branch that changes a layer.
   *
   * @param own owner of the tensors
   */
  void addBranch(HostChange change, Map<String, NDArray> tensors, NDManager own) {
    String module = change.layer().module();
    try (NDManager scratch = own.newSubManager()) {
      bias(change, scratch)
          .ifPresent(bias -> tensors.put(module + BIAS, rounded(bias, false, own)));
      boolean packed = !change.ofText();
      if (change.delta().orElse(null) instanceof Delta.LowRank pair
          && change.magnitude().isEmpty()) {
        tensors.put(module + DOWN, loader.load(raw(pair.down(), 1), packed, own));
        tensors.put(module + UP, loader.load(raw(pair.up(), pair.factor()), packed, own));
      } else if (change.ofText()) {
        weight(change, scratch)
            .ifPresent(whole -> tensors.put(module + WHOLE, rounded(whole, false, own)));
      } else if (change.magnitude().filter(Magnitude::ofColumns).isPresent()) {
        weight(change, scratch)
            .ifPresent(whole -> tensors.put(module + WHOLE, rounded(whole, true, own)));
      } else if (change.delta().isPresent()) {
        Form form = form(change.delta().get(), change, scratch);
        Optional<NDArray> factors =
            change.magnitude().map(magnitude -> factors(magnitude, form, change, scratch));
        factors.ifPresent(all -> tensors.put(module + ROWS, rounded(all.sub(1), false, own)));
        addBranch(form, factors, change, tensors, own, scratch);
      }
    }
  }

  private NDArray factors(Magnitude magnitude, Form form, HostChange change, NDManager scratch) {
    NDArray lengths = loaded(magnitude.lengths(), 1, scratch);
    NDArray delta = dense(form, change, scratch);
    return call("row_factors", scratch, weightOf(change, scratch), delta, lengths);
  }

  private void addBranch(
      Form form,
      Optional<NDArray> factors,
      HostChange change,
      Map<String, NDArray> tensors,
      NDManager own,
      NDManager scratch) {
    String module = change.layer().module();
    switch (form) {
      case Form.Low(NDArray up, NDArray down) -> {
        tensors.put(module + DOWN, rounded(down, true, own));
        tensors.put(module + UP, rounded(scaled(up, factors), true, own));
      }
      case Form.Whole(NDArray values) ->
          tensors.put(module + WHOLE, rounded(scaled(values, factors), true, own));
      case Form.Kronecker(NDArray left, NDArray right, int skip, double factor) -> {
        NDArray once = scratch.full(new Shape(change.layer().outputs()), (float) factor);
        NDArray rows = factors.map(each -> each.mul(factor)).orElse(once);
        NDArray skipped = scratch.zeros(new Shape(skip), DataType.FLOAT32);
        tensors.put(module + LOKR_LEFT + 0, rounded(left, false, own));
        tensors.put(module + LOKR_RIGHT + 0, rounded(right, false, own));
        tensors.put(module + LOKR_SKIP + 0, rounded(skipped, false, own));
        tensors.put(module + LOKR_ROWS + 0, rounded(rows, false, own));
      }
    }
  }

  private static NDArray scaled(NDArray rows, Optional<NDArray> factors) {
    return factors.map(each -> rows.mul(each.expandDims(1))).orElse(rows);
  }

  private Form form(Delta delta, HostChange change, NDManager scratch) {
    return switch (delta) {
      case Delta.LowRank(Matrix down, Matrix up, double factor) ->
          new Form.Low(loaded(up, factor, scratch), loaded(down, 1, scratch));
      case Delta.Full(Matrix values) -> new Form.Whole(loaded(values, 1, scratch));
      case Delta.Hadamard hadamard -> form(hadamard, scratch);
      case Delta.Kronecker kronecker -> form(kronecker, change, scratch);
    };
  }

  /** As two matrices, unless the whole is smaller. */
  private Form form(Delta.Hadamard delta, NDManager scratch) {
    NDArray up1 = loaded(delta.up1(), delta.factor(), scratch);
    NDArray down1 = loaded(delta.down1(), 1, scratch);
    NDArray up2 = loaded(delta.up2(), 1, scratch);
    NDArray down2 = loaded(delta.down2(), 1, scratch);
    long outputs = delta.up1().rows();
    long inputs = delta.down1().columns();
    long rank = (long) delta.down1().rows() * delta.down2().rows();
    if (rank * (outputs + inputs) >= outputs * inputs) {
      NDArray one = call("product", scratch, up1, down1);
      return new Form.Whole(one.mul(call("product", scratch, up2, down2)));
    }
    try (Graph.Call call = graph.call("hadamard")) {
      List<NDArray> pair = call.with(up1).with(down1).with(up2).with(down2).tensors(scratch);
      return new Form.Low(pair.get(0), pair.get(1));
    }
  }

  private Form form(Delta.Kronecker delta, HostChange change, NDManager scratch) {
    Form.Kronecker kronecker =
        new Form.Kronecker(
            product(delta.left(), scratch),
            product(delta.right(), scratch),
            delta.skip(),
            delta.factor());
    return delta.swapped() ? new Form.Whole(dense(kronecker, true, change, scratch)) : kronecker;
  }

  private NDArray product(List<Matrix> factors, NDManager scratch) {
    return factors.stream()
        .map(factor -> loaded(factor, 1, scratch))
        .reduce((up, down) -> call("product", scratch, up, down))
        .orElseThrow();
  }

  private NDArray dense(Form form, HostChange change, NDManager scratch) {
    return switch (form) {
      case Form.Low(NDArray up, NDArray down) -> call("product", scratch, up, down);
      case Form.Whole(NDArray values) -> values;
      case Form.Kronecker kronecker -> dense(kronecker, false, change, scratch);
    };
  }

  private NDArray dense(
      Form.Kronecker form, boolean swapped, HostChange change, NDManager scratch) {
    try (Graph.Call call = graph.call("kronecker")) {
      return call.with(form.left())
          .with(form.right())
          .withNumber(form.skip())
          .withNumber(change.layer().outputs())
          .with(swapped)
          .tensor(scratch)
          .mul(form.factor());
    }
  }

  private NDArray weightOf(HostChange change, NDManager scratch) {
    return loader.wide(base, change.layer().module() + ".weight", scratch);
  }

  private NDArray call(String method, NDManager scratch, NDArray... arguments) {
    try (Graph.Call call = graph.call(method)) {
      List.of(arguments).forEach(call::with);
      return call.tensor(scratch);
    }
  }

  private NDArray loaded(Matrix matrix, double factor, NDManager scratch) {
    return loader.load(raw(matrix, factor), ComputeType.FLOAT32, scratch);
  }

  private NDArray rounded(NDArray values, boolean packed, NDManager own) {
    return loader.summed(List.of(values), new double[] {1}, packed, own);
  }

  private static Raw raw(Matrix matrix, double factor) {
    return new Raw(matrix.type(), matrix.shape(), matrix.bytes().duplicate(), factor);
  }
}
