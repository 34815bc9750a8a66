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
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoint.class);
  private static final String PROGRESS = "progress";

  /** As {@link #write(Path, Map)}, without settings. */
  public void write(Path file) {
    write(file, Map.of());
  }

  /**
   * Writes one safetensors file with a digest of its content. A crash during writing leaves an old
   * file intact.
   *
   * @param settings what the run's result depends on, by name; {@link #settings} reads them back
   */
  public void write(Path file, Map<String, String> settings) {
    SafetensorsWriter writer = new SafetensorsWriter().digested();
    settings.forEach(writer::metadata);
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
   * The settings of the run that wrote a file.
   *
   * @return other names, too; empty if an earlier version wrote the file
   */
  public static Map<String, String> settings(Path file) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      return tensors.metadata();
    }
  }

  /**
   * Reads a file onto the manager's device. Earlier versions wrote no digest: such a file is read
   * unchecked.
   *
   * @throws dev.polyptych.weights.safetensors.SafetensorsException if the file is wrong or damaged
   */
  public static TrainingCheckpoint read(Path file, NDManager manager) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      if (!tensors.checkDigest()) {
        LOG.info("{} has no digest: an earlier version wrote it; it is read unchecked", file);
      }
      float[] progress = tensors.floats(PROGRESS);
      return new TrainingCheckpoint(
          Trainable.load(tensors, manager), (int) progress[0], (double) progress[1]);
    }
  }
}
