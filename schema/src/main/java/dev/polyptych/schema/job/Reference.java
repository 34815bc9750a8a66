package dev.polyptych.schema.job;

/**
 * A picture that a panel shows instead of being drawn.
 *
 * @param panel 1-based; 0 for the picture that the whole sheet starts from
 * @param key as the upload answered it
 */
public record Reference(int panel, String key) {
  /** Not a panel: the whole sheet. */
  public static final int SHEET = 0;
}
