package dev.polyptych.schema.job;

/**
 * A picture that a panel shows instead of being drawn.
 *
 * @param panel 1-based; 0 for the picture that the whole sheet starts from
 * @param key the key that the upload returned
 */
public record Reference(int panel, String key) {
  /** Means the whole sheet instead of a panel. */
  public static final int SHEET = 0;
}
