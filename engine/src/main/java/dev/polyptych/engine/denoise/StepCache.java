package dev.polyptych.engine.denoise;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * When a step may take what most of its blocks would add from an earlier step: faster, and another
 * picture than the model's own.
 *
 * @param threshold distance of two steps below which the later one reuses; 0: never
 */
public record StepCache(Method method, double threshold) {
  /** What a setting may be, for people. */
  public static final String FORM =
      "must be none, or first-block or teacache with a threshold, for example first-block:0.1 or"
          + " teacache:0.4";

  /** What a step is judged by. */
  public enum Method {
    /**
     * How far what the first double block adds is from what it added in the last computed step
     * (ParaAttention's First Block Cache; diffusers hooks/first_block_cache.py).
     */
    FIRST_BLOCK("first-block", 1),

    /**
     * How far what the first double block reads is from step to step, through a polynomial fitted
     * for FLUX.1-dev and summed since the last computed step; the first and the last step are
     * always computed (TeaCache, arXiv 2411.19108). For other models a heuristic.
     */
    TEACACHE("teacache", 0);

    private final String text;
    private final int blocks;

    Method(String text, int blocks) {
      this.text = text;
      this.blocks = blocks;
    }

    /** As settings name it. */
    public String text() {
      return text;
    }

    /** Double blocks that every step does, whether or not it reuses. */
    int blocks() {
      return blocks;
    }
  }

  public StepCache {
    if (!Double.isFinite(threshold) || threshold < 0) {
      throw new IllegalArgumentException(
          "threshold must be finite and not negative, was " + threshold);
    }
  }

  /**
   * Reads a setting; empty: {@code none}.
   *
   * @throws IllegalArgumentException that says the form for anything else
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

  /** As settings write it. */
  @Override
  public String toString() {
    return method.text + ":" + threshold;
  }
}
