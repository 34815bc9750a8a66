package dev.polyptych.engine.denoise;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * When a step may reuse the result of most blocks from an earlier step. That is faster but changes
 * the picture.
 *
 * @param threshold the later of two steps reuses if their distance is below this; 0: never
 */
public record StepCache(Method method, double threshold) {
  /** The allowed settings, as text for error messages. */
  public static final String FORM =
      "must be none, or first-block or teacache with a threshold, for example first-block:0.1 or"
          + " teacache:0.4";

  /** How the distance of two steps is measured. */
  public enum Method {
    /**
     * By the result of the first double block, compared with the last computed step (First Block
     * Cache of ParaAttention; diffusers hooks/first_block_cache.py).
     */
    FIRST_BLOCK("first-block", 1),

    /**
     * By the input of the first double block, compared from step to step, mapped by a polynomial
     * and summed since the last computed step. The first and the last step are always computed
     * (TeaCache, arXiv 2411.19108). The polynomial was fitted for FLUX.1-dev; for other models it
     * is a heuristic.
     */
    TEACACHE("teacache", 0);

    private final String text;
    private final int blocks;

    Method(String text, int blocks) {
      this.text = text;
      this.blocks = blocks;
    }

    /** Its name in settings. */
    public String text() {
      return text;
    }

    /** Number of double blocks that every step computes, even if it reuses the rest. */
    int blocks() {
      return blocks;
    }
  }

  /**
   * @throws IllegalArgumentException if the threshold is negative or not finite
   */
  public StepCache {
    if (!Double.isFinite(threshold) || threshold < 0) {
      throw new IllegalArgumentException(
          "threshold must be finite and not negative, was " + threshold);
    }
  }

  /**
   * Reads a setting, for example {@code first-block:0.1}; empty for {@code none}.
   *
   * @throws IllegalArgumentException with {@link #FORM} for anything else
   */
  public static Optional<StepCache> read(String setting) {
    String text = setting.strip().toLowerCase(Locale.ROOT);
    if (text.equals("none")) {
      return Optional.empty();
    }
    int colon = text.indexOf(':');
    return Optional.of(
        Arrays.stream(Method.values())
            .filter(method -> colon >= 0 && method.text.equals(text.substring(0, colon)))
            .findFirst()
            .flatMap(method -> of(method, text.substring(colon + 1)))
            .orElseThrow(() -> new IllegalArgumentException(FORM + "; was '" + setting + "'")));
  }

  private static Optional<StepCache> of(Method method, String threshold) {
    try {
      return Optional.of(new StepCache(method, Double.parseDouble(threshold)));
    } catch (IllegalArgumentException unfit) {
      return Optional.empty();
    }
  }

  /** The form that {@link #read} takes. */
  @Override
  public String toString() {
    return method.text + ":" + threshold;
  }
}
