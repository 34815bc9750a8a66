package dev.polyptych.schema.job;

/**
 * An adapter that a request asks for.
 *
 * @param name of an adapter, alone or with a version ({@code ink-style@2}), or {@code sha256:} and
 *     its digest
 * @param scale its strength, -4 to 4; 1 as tuned
 */
public record AdapterChoice(String name, double scale) {
  public static final double LEAST_SCALE = -4;
  public static final double MOST_SCALE = 4;

  /** The most adapters of a job. */
  public static final int MOST = 4;
}
