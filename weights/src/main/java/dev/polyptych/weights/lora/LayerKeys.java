package dev.polyptych.weights.lora;

import static dev.polyptych.weights.lora.KeyPart.ALPHA;
import static dev.polyptych.weights.lora.KeyPart.DIFF;
import static dev.polyptych.weights.lora.KeyPart.DIFF_BIAS;
import static dev.polyptych.weights.lora.KeyPart.DOWN;
import static dev.polyptych.weights.lora.KeyPart.HADA_W1_A;
import static dev.polyptych.weights.lora.KeyPart.HADA_W1_B;
import static dev.polyptych.weights.lora.KeyPart.HADA_W2_A;
import static dev.polyptych.weights.lora.KeyPart.HADA_W2_B;
import static dev.polyptych.weights.lora.KeyPart.LOKR_W1;
import static dev.polyptych.weights.lora.KeyPart.LOKR_W1_A;
import static dev.polyptych.weights.lora.KeyPart.LOKR_W1_B;
import static dev.polyptych.weights.lora.KeyPart.LOKR_W2;
import static dev.polyptych.weights.lora.KeyPart.LOKR_W2_A;
import static dev.polyptych.weights.lora.KeyPart.LOKR_W2_B;
import static dev.polyptych.weights.lora.KeyPart.MAGNITUDE;
import static dev.polyptych.weights.lora.KeyPart.SET;
import static dev.polyptych.weights.lora.KeyPart.UP;
import static dev.polyptych.weights.lora.KeyPart.UP_BIAS;

import dev.polyptych.weights.lora.LayerNames.Target;
import dev.polyptych.weights.model.LinearLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What the keys of a file change of one layer, or of several stacked ones: one of a LoRA's pair, a
 * LoHa's or LoKr's matrices and a whole difference, perhaps with a magnitude, and biases. The
 * constructor checks all of it, values included.
 */
final class LayerKeys {
  private final LayerTensors tensors;
  private final Target target;
  private final double factor;

  /**
   * @param name of the layer in the file, without prefix
   * @throws AdapterException with the first key that does not fit
   */
  LayerKeys(LayerTensors tensors, String name, Target target, PeftSettings settings) {
    this.tensors = tensors;
    this.target = target;
    if (target.norm()) {
      tensors.only("a norm", SET, DIFF, ALPHA);
      tensors.exclusive(SET, DIFF);
      tensors.vector(tensors.has(SET) ? SET : DIFF, target.outputs());
    } else {
      if (LayerNames.ofText(name)) {
        tensors.refuse(MAGNITUDE, "belongs to a DoRA of a text encoder, which can't be drawn with");
      }
      checkLayer();
      if (settings.dora() && tensors.has(DOWN)) {
        tensors.needs(DOWN, MAGNITUDE);
      }
    }
    this.factor = settings.factor(name, tensors.scalar(ALPHA), innerRank());
    tensors.finite();
  }

  private void checkLayer() {
    tensors.refuse(SET, "replaces a whole weight; extract the difference to the base");
    tensors.widened(target);
    tensors.exclusive(
        DOWN, UP, HADA_W1_A, HADA_W1_B, HADA_W2_A, HADA_W2_B, LOKR_W1, LOKR_W1_A, LOKR_W1_B,
        LOKR_W2, LOKR_W2_A, LOKR_W2_B, DIFF);
    long outputs = target.outputs();
    long inputs = target.inputs();
    boolean narrow =
        tensors.has(DOWN)
            && tensors.shape(DOWN).size() == 2
            && tensors.shape(DOWN).getLast() == target.fewest();
    tensors.pair(UP, DOWN, outputs, narrow ? target.fewest() : inputs);
    tensors.pair(HADA_W1_A, HADA_W1_B, outputs, inputs);
    tensors.pair(HADA_W2_A, HADA_W2_B, outputs, inputs);
    tensors.together(HADA_W1_A, HADA_W2_A);
    tensors.kronecker(outputs, inputs);
    if (tensors.has(DIFF)) {
      tensors.shaped(DIFF, List.of(outputs, inputs));
    }
    for (KeyPart bias : List.of(UP_BIAS, DIFF_BIAS)) {
      if (tensors.has(bias)) {
        tensors.vector(bias, outputs);
      }
    }
    tensors.needs(UP_BIAS, UP);
    tensors.magnitude(target);
    if (!weight() && !tensors.has(DIFF_BIAS)) {
      throw tensors.first("belongs to no pair of a LoRA's A and B");
    }
  }

  private boolean weight() {
    return tensors.has(DOWN) || tensors.has(HADA_W1_A) || kronecker() || tensors.has(DIFF);
  }

  private boolean kronecker() {
    return tensors.has(LOKR_W1) || tensors.has(LOKR_W1_A);
  }

  private OptionalDouble innerRank() {
    for (KeyPart part : List.of(DOWN, HADA_W1_B, LOKR_W2_B, LOKR_W1_B)) {
      if (tensors.has(part)) {
        return OptionalDouble.of(tensors.shape(part).getFirst());
      }
    }
    return OptionalDouble.empty();
  }

  /** What changes of the norm; empty if the target is none. */
  Optional<HostNorm> norm(Function<String, Matrix> read) {
    if (!target.norm()) {
      return Optional.empty();
    }
    KeyPart part = tensors.has(SET) ? SET : DIFF;
    Matrix values = read.apply(tensors.key(part)).flat();
    return Optional.of(new HostNorm(target.layers().getFirst().module(), values, part == SET));
  }

  /** A change for each linear layer. */
  List<HostChange> changes(Function<String, Matrix> read) {
    if (target.norm()) {
      return List.of();
    }
    List<Optional<Delta>> deltas = deltas(read);
    List<HostChange> changes = new ArrayList<>();
    int row = 0;
    for (int i = 0; i < target.layers().size(); i++) {
      LinearLayer layer = target.layers().get(i);
      int first = row;
      int outputs = (int) layer.outputs();
      changes.add(
          new HostChange(
              layer,
              deltas.get(i),
              magnitude(read).map(whole -> part(whole, first, outputs)),
              biases(read).stream()
                  .map(b -> new HostChange.Bias(part(b.values(), first, outputs), b.factor()))
                  .toList()));
      row += outputs;
    }
    return changes;
  }

  private HostChange.Magnitude part(HostChange.Magnitude whole, int first, int outputs) {
    return whole.ofColumns()
        ? whole
        : new HostChange.Magnitude(part(whole.lengths(), first, outputs), false);
  }

  private Matrix part(Matrix values, int first, int outputs) {
    return target.layers().size() == 1 ? values : values.values(first, outputs);
  }

  private Optional<HostChange.Magnitude> magnitude(Function<String, Matrix> read) {
    if (!tensors.has(MAGNITUDE)) {
      return Optional.empty();
    }
    Matrix lengths = read.apply(tensors.key(MAGNITUDE)).flat();
    boolean ofColumns = tensors.ofColumns(target);
    return Optional.of(new HostChange.Magnitude(ofColumns ? lengths : ordered(lengths), ofColumns));
  }

  private List<HostChange.Bias> biases(Function<String, Matrix> read) {
    List<HostChange.Bias> biases = new ArrayList<>();
    if (tensors.has(UP_BIAS)) {
      biases.add(new HostChange.Bias(ordered(read.apply(tensors.key(UP_BIAS)).flat()), factor));
    }
    if (tensors.has(DIFF_BIAS)) {
      biases.add(new HostChange.Bias(ordered(read.apply(tensors.key(DIFF_BIAS)).flat()), 1));
    }
    return biases;
  }

  private Matrix ordered(Matrix row) {
    return target.swapped() ? row.valuesSwapped() : row;
  }

  private Matrix ordered(KeyPart part, Function<String, Matrix> read) {
    Matrix rows = read.apply(tensors.key(part));
    return target.swapped() ? rows.halvesSwapped() : rows;
  }

  /** One for each layer. */
  private List<Optional<Delta>> deltas(Function<String, Matrix> read) {
    if (tensors.has(DOWN)) {
      Matrix down = read.apply(tensors.key(DOWN)).widened((int) target.inputs());
      Delta.LowRank whole = new Delta.LowRank(down, ordered(UP, read), factor);
      boolean alone = target.layers().size() == 1;
      List<Delta> pairs = alone ? List.of(whole) : PairSplit.of(target.layers(), whole);
      return pairs.stream().map(Optional::of).toList();
    }
    if (tensors.has(HADA_W1_A)) {
      Delta.Hadamard whole =
          new Delta.Hadamard(
              ordered(HADA_W1_A, read),
              read.apply(tensors.key(HADA_W1_B)),
              ordered(HADA_W2_A, read),
              read.apply(tensors.key(HADA_W2_B)),
              factor);
      return byRows(whole, whole::rows);
    }
    if (kronecker()) {
      List<Matrix> left = product(read, LOKR_W1, LOKR_W1_A, LOKR_W1_B);
      List<Matrix> right = product(read, LOKR_W2, LOKR_W2_A, LOKR_W2_B);
      Delta.Kronecker whole = new Delta.Kronecker(left, right, 0, target.swapped(), factor);
      return byRows(whole, whole::rows);
    }
    if (tensors.has(DIFF)) {
      Delta.Full whole = new Delta.Full(ordered(DIFF, read));
      return byRows(whole, (row, rows) -> new Delta.Full(whole.values().rows(row, rows)));
    }
    return target.layers().stream().map(layer -> Optional.<Delta>empty()).toList();
  }

  private List<Matrix> product(Function<String, Matrix> read, KeyPart... parts) {
    return List.of(parts).stream()
        .filter(tensors::has)
        .map(part -> read.apply(tensors.key(part)))
        .toList();
  }

  private interface Rows {
    Delta of(int row, int rows);
  }

  private List<Optional<Delta>> byRows(Delta whole, Rows rows) {
    if (target.layers().size() == 1) {
      return List.of(Optional.of(whole));
    }
    List<Optional<Delta>> parts = new ArrayList<>();
    int row = 0;
    for (LinearLayer layer : target.layers()) {
      parts.add(Optional.of(rows.of(row, (int) layer.outputs())));
      row += (int) layer.outputs();
    }
    return parts;
  }

  /** The module names that it changes. */
  List<String> modules() {
    return target.layers().stream().map(LinearLayer::module).toList();
  }
}
