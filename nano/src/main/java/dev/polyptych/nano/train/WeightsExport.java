package dev.polyptych.nano.train;

import dev.polyptych.training.Trainable.Values;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes what was learnt as the weight files of a model folder, in half precision. */
public final class WeightsExport {
  private final Map<String, Values> learnt;

  /** Of tensors by name, those of other parts too. */
  public WeightsExport(Map<String, Values> learnt) {
    this.learnt = learnt;
  }

  /**
   * Writes the tensors of one part.
   *
   * @param shapes names of the part's tensors
   */
  public void write(Map<String, List<Long>> shapes, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    shapes.forEach((name, shape) -> writer.addHalf(name, shape, learnt.get(name).numbers()));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writer.write(file);
  }
}
