package dev.polyptych.schema.registry;

/**
 * What is known of an adapter's bytes once they are here.
 *
 * @param bytes length of the file
 * @param rank the largest of its pairs
 * @param modules linear layers that it changes
 */
public record AdapterContent(long bytes, int rank, int modules) {
  /**
   * @throws IllegalArgumentException naming the field that is not positive
   */
  public AdapterContent {
    if (bytes < 1 || rank < 1 || modules < 1) {
      throw new IllegalArgumentException("bytes, rank and modules: must be 1 or more");
    }
  }
}
