package dev.polyptych.weights.lora;

import dev.polyptych.weights.lora.LayerNames.Target;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import dev.polyptych.weights.safetensors.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The tensors of a file that one layer's name stands in front of, in the header's order, and checks
 * of them. Each check throws an {@link AdapterException} that names a key.
 */
final class LayerTensors {
  private final SafetensorsFile file;
  private final Map<KeyPart, String> keys = new LinkedHashMap<>();

  LayerTensors(SafetensorsFile file) {
    this.file = file;
  }

  void add(KeyPart part, String key) {
    String earlier = keys.putIfAbsent(part, key);
    if (earlier != null) {
      throw refusal(key, "adds to the same layer as '" + earlier + "'");
    }
  }

  boolean has(KeyPart part) {
    return keys.containsKey(part);
  }

  String key(KeyPart part) {
    return keys.get(part);
  }

  /** The first key of the layer. */
  String firstKey() {
    return keys.values().iterator().next();
  }

  List<Long> shape(KeyPart part) {
    return file.entry(key(part)).shape();
  }

  AdapterException refusal(String key, String fault) {
    return new AdapterException(file.path(), "key '" + key + "' " + fault);
  }

  AdapterException first(String fault) {
    return refusal(firstKey(), fault);
  }

  void refuse(KeyPart part, String fault) {
    if (has(part)) {
      throw refusal(key(part), fault);
    }
  }

  void only(String what, KeyPart... allowed) {
    keys.forEach(
        (part, key) -> {
          if (!List.of(allowed).contains(part)) {
            throw refusal(key, "can't change " + what);
          }
        });
  }

  /** Refuses parts of two kinds of change. Parts of one kind begin alike in {@link KeyPart}. */
  void exclusive(KeyPart... parts) {
    Map<String, String> kinds = new LinkedHashMap<>();
    keys.forEach(
        (part, key) -> {
          if (List.of(parts).contains(part)) {
            kinds.putIfAbsent(kind(part), key);
          }
        });
    List<String> firsts = new ArrayList<>(kinds.values());
    if (firsts.size() > 1) {
      throw refusal(firsts.get(1), "adds to the same layer as '" + firsts.get(0) + "'");
    }
  }

  private static String kind(KeyPart part) {
    return switch (part) {
      case UP, DOWN -> "LoRA";
      case HADA_W1_A, HADA_W1_B, HADA_W2_A, HADA_W2_B -> "LoHa";
      case LOKR_W1, LOKR_W1_A, LOKR_W1_B, LOKR_W2, LOKR_W2_A, LOKR_W2_B -> "LoKr";
      case UP_BIAS, ALPHA, DIFF_BIAS, DIFF, SET, MAGNITUDE, RESHAPE -> part.name();
    };
  }

  /** Two matrices whose product has this shape. Nothing if neither is here. */
  void pair(KeyPart up, KeyPart down, long outputs, long inputs) {
    together(down, up);
    if (has(down)) {
      long rank = shape(down).stream().findFirst().orElse(0L);
      if (rank < 1) {
        throw refusal(key(down), "has rank 0");
      }
      shaped(down, List.of(rank, inputs));
      shaped(up, List.of(outputs, rank));
    }
  }

  /** Both or none. */
  void together(KeyPart one, KeyPart other) {
    needs(one, other);
    needs(other, one);
  }

  void needs(KeyPart one, KeyPart other) {
    if (has(one) && !has(other)) {
      throw refusal(
          key(one), "has no counterpart '" + KeyPart.counterpart(key(one), one, other) + "'");
    }
  }

  void kronecker(long outputs, long inputs) {
    boolean left = has(KeyPart.LOKR_W1) || has(KeyPart.LOKR_W1_A) || has(KeyPart.LOKR_W1_B);
    boolean right = has(KeyPart.LOKR_W2) || has(KeyPart.LOKR_W2_A) || has(KeyPart.LOKR_W2_B);
    if (!left && !right) {
      return;
    }
    long[] one = sides(KeyPart.LOKR_W1, KeyPart.LOKR_W1_A, KeyPart.LOKR_W1_B, KeyPart.LOKR_W2);
    long[] two = sides(KeyPart.LOKR_W2, KeyPart.LOKR_W2_A, KeyPart.LOKR_W2_B, KeyPart.LOKR_W1);
    if (one[0] * two[0] != outputs || one[1] * two[1] != inputs) {
      throw first(
          "is of a LoKr of shape [%d, %d], but this model needs [%d, %d]"
              .formatted(one[0] * two[0], one[1] * two[1], outputs, inputs));
    }
  }

  /** Rows and columns of a factor of a LoKr, whole or of two matrices. */
  private long[] sides(KeyPart whole, KeyPart up, KeyPart down, KeyPart other) {
    if (has(whole)) {
      if (has(up) || has(down)) {
        String twice = key(has(up) ? up : down);
        throw refusal(twice, "adds to the same layer as '" + key(whole) + "'");
      }
      return sides(whole);
    }
    together(up, down);
    if (!has(up)) {
      String known = firstKey();
      throw refusal(known, "belongs to a LoKr without its other factor, such as " + whole + other);
    }
    long[] rows = sides(up);
    long[] columns = sides(down);
    if (rows[1] != columns[0]) {
      throw refusal(
          key(down), "has shape " + shape(down) + ", but '" + key(up) + "' has " + shape(up));
    }
    return new long[] {rows[0], columns[1]};
  }

  /** Both sides of a matrix, each below 2^31. */
  long[] sides(KeyPart part) {
    List<Long> shape = shape(part);
    if (shape.size() != 2 || shape.stream().anyMatch(side -> side < 1 || side >= 1L << 31)) {
      throw refusal(key(part), "has shape " + shape + ", but a matrix has two sides");
    }
    return new long[] {shape.get(0), shape.get(1)};
  }

  void vector(KeyPart part, long width) {
    shaped(part, List.of(width));
  }

  void shaped(KeyPart part, List<Long> wanted) {
    List<Long> shape = shape(part);
    if (!shape.equals(wanted)) {
      throw refusal(
          key(part),
          "has shape " + shape + ", but this model needs " + wanted + larger(shape, wanted));
    }
  }

  private static String larger(List<Long> shape, List<Long> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (shape.size() == wanted.size() && shape.get(i) > wanted.get(i)) {
        return " (made for a larger model, or a control LoRA that widens this one)";
      }
    }
    return "";
  }

  /** Refuses what widens the model, as the control LoRAs of depth and edges do. */
  void widened(Target target) {
    if (has(KeyPart.RESHAPE)) {
      List<Long> wanted = List.of(target.outputs(), target.inputs());
      if (!wholeNumbers(KeyPart.RESHAPE).equals(wanted)) {
        throw refusal(
            key(KeyPart.RESHAPE),
            "widens its layer to %s: this is a control LoRA, which reads a second picture beside"
                    .formatted(wholeNumbers(KeyPart.RESHAPE))
                + " the noise; this model reads none, so it can't be drawn with");
      }
    }
    boolean input = target.layers().getFirst().module().equals("x_embedder");
    if (input && has(KeyPart.DOWN) && shape(KeyPart.DOWN).size() == 2) {
      long columns = shape(KeyPart.DOWN).get(1);
      if (columns > target.inputs() && columns % target.inputs() == 0) {
        throw refusal(
            key(KeyPart.DOWN),
            ("has shape %s, but this model needs [%d, %d]: this is a %s that widens the model's"
                    + " input for a second picture; this model reads none, so it can't be drawn"
                    + " with")
                .formatted(
                    shape(KeyPart.DOWN),
                    shape(KeyPart.DOWN).get(0),
                    target.inputs(),
                    columns == 6 * target.inputs() ? "LoRA for FLUX.1 Fill" : "control LoRA"));
      }
    }
  }

  private List<Long> wholeNumbers(KeyPart part) {
    TensorEntry entry = file.entry(key(part));
    boolean readable =
        (entry.type() == TensorType.I64 || entry.type() == TensorType.I32)
            && entry.length() == 2L * entry.type().bytes();
    if (!readable) {
      throw refusal(key(part), "is not two whole numbers");
    }
    ByteBuffer bytes = file.bytes(key(part));
    boolean wide = entry.type() == TensorType.I64;
    return List.of(
        wide ? bytes.getLong() : bytes.getInt(), wide ? bytes.getLong() : bytes.getInt());
  }

  /** Checks a magnitude's shape and what it goes with. */
  void magnitude(Target target) {
    if (!has(KeyPart.MAGNITUDE)) {
      return;
    }
    String key = key(KeyPart.MAGNITUDE);
    boolean delta = keys.keySet().stream().anyMatch(part -> !kind(part).equals(part.name()));
    if (!delta) {
      throw refusal(key, "belongs to a DoRA, but no LoRA, LoHa or LoKr goes with it");
    }
    if (has(KeyPart.UP_BIAS)) {
      throw refusal(key, "belongs to a DoRA, and a bias beside it has no meaning in PEFT");
    }
    List<Long> shape = shape(KeyPart.MAGNITUDE);
    boolean rows =
        shape.equals(List.of(target.outputs())) || shape.equals(List.of(target.outputs(), 1L));
    if (!rows && !shape.equals(List.of(1L, target.inputs()))) {
      throw refusal(
          key,
          "has shape %s, but this model needs [%d], [%d, 1] or [1, %d]"
              .formatted(shape, target.outputs(), target.outputs(), target.inputs()));
    }
    if (!rows && target.layers().size() > 1) {
      throw refusal(
          key,
          "scales the columns of several layers together, which are apart here; tune with"
              + " wd_on_output");
    }
  }

  boolean ofColumns(Target target) {
    List<Long> shape = shape(KeyPart.MAGNITUDE);
    return shape.size() == 2 && !shape.equals(List.of(target.outputs(), 1L));
  }

  /** One number; empty if there is none. */
  OptionalDouble scalar(KeyPart part) {
    if (!has(part)) {
      return OptionalDouble.empty();
    }
    TensorEntry entry = file.entry(key(part));
    float[] values =
        entry.length() <= Long.BYTES && entry.type().floating()
            ? file.floats(key(part))
            : new float[0];
    if (values.length != 1 || !Float.isFinite(values[0])) {
      throw refusal(key(part), "is not one finite number");
    }
    return OptionalDouble.of(values[0]);
  }

  /** Checks types and values of all tensors. */
  void finite() {
    keys.forEach(
        (part, key) -> {
          TensorType type = file.entry(key).type();
          if (part == KeyPart.RESHAPE) {
            return;
          }
          if (!type.floating()) {
            throw refusal(
                key, "is of type " + type + ", not F32, F16, BF16, F8_E4M3, F8_E5M2 or F64");
          }
          if (!file.finite(key)) {
            throw refusal(key, "holds values that are not finite");
          }
        });
  }

  /** The layer that the file's own shapes describe. */
  Target asShaped(String name) {
    boolean flat = has(KeyPart.DIFF) && shape(KeyPart.DIFF).size() == 1;
    if (has(KeyPart.SET) || flat) {
      return Target.norm(name, side(has(KeyPart.SET) ? KeyPart.SET : KeyPart.DIFF, 0));
    }
    long outputs = 1;
    long inputs = 1;
    Map<KeyPart, KeyPart> pairs = new EnumMap<>(KeyPart.class);
    pairs.put(KeyPart.UP, KeyPart.DOWN);
    pairs.put(KeyPart.HADA_W1_A, KeyPart.HADA_W1_B);
    pairs.put(KeyPart.DIFF, KeyPart.DIFF);
    for (Map.Entry<KeyPart, KeyPart> pair : pairs.entrySet()) {
      if (has(pair.getKey()) || has(pair.getValue())) {
        inputs = has(pair.getValue()) ? sides(pair.getValue())[1] : 0;
        outputs = has(pair.getKey()) ? sides(pair.getKey())[0] : 0;
        return Target.layer(name, inputs, outputs);
      }
    }
    for (KeyPart part :
        List.of(KeyPart.LOKR_W1, KeyPart.LOKR_W1_A, KeyPart.LOKR_W2, KeyPart.LOKR_W2_A)) {
      outputs *= has(part) ? sides(part)[0] : 1;
    }
    for (KeyPart part :
        List.of(KeyPart.LOKR_W1, KeyPart.LOKR_W1_B, KeyPart.LOKR_W2, KeyPart.LOKR_W2_B)) {
      inputs *= has(part) ? sides(part)[1] : 1;
    }
    if (has(KeyPart.DIFF_BIAS) && outputs == 1) {
      outputs = side(KeyPart.DIFF_BIAS, 0);
    }
    return Target.layer(name, inputs, outputs);
  }

  private long side(KeyPart part, int side) {
    List<Long> shape = shape(part);
    if (shape.isEmpty()) {
      throw refusal(key(part), "has shape " + shape + ", but has one side or two");
    }
    return shape.get(side);
  }
}
