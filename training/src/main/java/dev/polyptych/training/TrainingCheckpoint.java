package dev.polyptych.training;

import ai.djl.ndarray.NDManager;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The state of a training between two steps: the parameters, their optimizer's state and the
 * progress. Batches depend on seed and step only, so a resumed training sees the same batches as an
 * uninterrupted one.
 *
 * @param trainable parameters and optimizer state; the caller owns and closes it
 * @param steps completed steps
 * @param seconds time that they took, in all sessions together
 */
public record TrainingCheckpoint(Trainable trainable, int steps, double seconds) {
  private static final String PROGRESS = "progress";

  /** Writes one safetensors file. A crash during writing leaves an old file intact. */
  public void write(Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add(PROGRESS, List.of(2L), new float[] {steps, (float) seconds});
    trainable.save(writer);
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    writer.write(unfinished);
    try {
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file onto the manager's device.
   *
   * @throws dev.polyptych.weights.safetensors.SafetensorsException if the file is wrong
   */
  public static TrainingCheckpoint read(Path file, NDManager manager) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      float[] progress = tensors.floats(PROGRESS);
      return new TrainingCheckpoint(
          Trainable.load(tensors, manager), (int) progress[0], (double) progress[1]);
    }
  }
}
