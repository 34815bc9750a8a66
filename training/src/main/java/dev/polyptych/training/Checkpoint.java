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
 * A training that can be gone on with: its parameters with their optimizer's state, and how far it
 * had come. Batches hang on seed and step only, so a resumed training sees what it would have seen.
 *
 * @param steps that were done
 * @param seconds that they took, over all sessions
 */
public record Checkpoint(Trainable trainable, int steps, double seconds) {
  private static final String PROGRESS = "progress";

  /** Writes the file; a crash while writing leaves the old one whole. */
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

  /** Reads a file onto the manager's device. */
  public static Checkpoint read(Path file, NDManager manager) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      float[] progress = tensors.floats(PROGRESS);
      return new Checkpoint(
          Trainable.load(tensors, manager), (int) progress[0], (double) progress[1]);
    }
  }
}
