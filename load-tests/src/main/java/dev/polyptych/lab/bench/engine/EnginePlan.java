package dev.polyptych.lab.bench.engine;

/**
 * What the bench draws.
 *
 * @param width of the sheet in pixels
 * @param height of the sheet in pixels
 * @param rounds calls whose medians count
 * @param sheets drawn in a call, one after another
 * @param decoding false: a job ends with its last step
 */
public record EnginePlan(
    ModelSize size,
    int width,
    int height,
    int steps,
    Way way,
    int rounds,
    int sheets,
    boolean decoding) {
  /** Any text does: random weights do not read. */
  static final String PROMPT = "a panel and the panel [SCENE-1] a cat [SCENE-2] the cat on a mat";

  /** How the adapter is drawn with. */
  public enum Way {
    NONE,
    BRANCH,
    MERGED
  }
}
