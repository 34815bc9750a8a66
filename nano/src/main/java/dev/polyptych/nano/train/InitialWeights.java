package dev.polyptych.nano.train;

import dev.polyptych.worker.model.SeededNormal;
import dev.polyptych.worker.training.Trainable.Values;
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
 */
public final class InitialWeights {
  /** Modulations and the last layer. */
  private static final Pattern ZERO =
      Pattern.compile(
          "(.*\\.)?(norm1|norm1_context|norm|norm_out)\\.linear\\.weight|proj_out\\.weight");

  /** T5 does not scale its scores, CLIP's embeddings are small: as their authors start them. */
  private static final Map<Pattern, Double> SPREADS =
      Map.of(
          Pattern.compile("shared\\.weight"), 1.0,
          Pattern.compile(".*relative_attention_bias\\.weight"), 0.1,
          Pattern.compile("embeddings\\..*"), 0.02);

  private static final Pattern T5_QUERY = Pattern.compile(".*SelfAttention\\.q\\.weight");
  private static final double T5_HEAD_WIDTH = 32;

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
    double heads = T5_QUERY.matcher(name).matches() ? T5_HEAD_WIDTH : 1;
    return 1 / Math.sqrt(inputs * heads);
  }
}
