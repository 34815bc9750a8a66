package dev.polyptych.nano.train;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.training.Trainable.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Weights before the first step. Norms start at 1 and biases at 0; what modulates a block, and what
 * leaves the transformer, starts at 0, so that every block begins as the identity ("adaLN-Zero",
 * Peebles and Xie 2023); all else is normal with variance 1/inputs. A tensor's numbers hang on seed
 * and name only.
 *
 * <p>T5's queries and keys start at 0, and then neither ever gets a gradient: its heads go by
 * {@link PositionBias} alone. It does not scale its scores, and at the transformer's learning rate
 * they grew until each head saw a single word, from where no gradient leads away.
 */
public final class InitialWeights {
  /** Modulations, the last layer, T5's queries and keys. */
  private static final Pattern ZERO =
      Pattern.compile(
          "(.*\\.)?(norm1|norm1_context|norm|norm_out)\\.linear\\.weight|proj_out\\.weight"
              + "|.*SelfAttention\\.[qk]\\.weight");

  private static final String POSITION_BIAS = "relative_attention_bias.weight";

  /** T5's embeddings are large and CLIP's small: as their authors start them. */
  private static final Map<Pattern, Double> SPREADS =
      Map.of(Pattern.compile("shared\\.weight"), 1.0, Pattern.compile("embeddings\\..*"), 0.02);

  private final long seed;

  /** All numbers hang on this seed. */
  public InitialWeights(long seed) {
    this.seed = seed;
  }

  /** Values for all tensors of a network. */
  public Map<String, Values> of(Map<String, List<Long>> shapes) {
    Map<String, Values> values = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> values.put(name, new Values(shape, numbers(name, shape))));
    return values;
  }

  private float[] numbers(String name, List<Long> shape) {
    int count = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    float[] numbers = new float[count];
    if (name.endsWith(".bias") || ZERO.matcher(name).matches()) {
      return numbers;
    }
    if (name.endsWith(POSITION_BIAS)) {
      return PositionBias.numbers(Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)));
    }
    if (shape.size() == 1) {
      Arrays.fill(numbers, 1);
      return numbers;
    }
    float[] normal = new SeededNormal(seed * 31 + name.hashCode()).numbers(count);
    float spread = (float) spread(name, shape);
    for (int i = 0; i < count; i++) {
      numbers[i] = spread * normal[i];
    }
    return numbers;
  }

  private static double spread(String name, List<Long> shape) {
    for (Map.Entry<Pattern, Double> special : SPREADS.entrySet()) {
      if (special.getKey().matcher(name).matches()) {
        return special.getValue();
      }
    }
    double inputs = shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    return 1 / Math.sqrt(inputs);
  }
}
