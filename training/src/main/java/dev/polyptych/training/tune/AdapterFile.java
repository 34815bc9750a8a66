package dev.polyptych.training.tune;

import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a trained adapter in the layout of diffusers and the published IC-LoRAs: {@code
 * transformer.<module>.lora_A.weight} (rank x inputs) and {@code lora_B.weight} (outputs x rank),
 * in half precision and without alpha, so at scale 1.
 */
final class AdapterFile {
  private AdapterFile() {}

  /**
   * Replaces the file atomically. A worker that reads the folder never sees a partial file.
   *
   * @param metadata for the file's header
   * @throws IllegalArgumentException naming the module if a value is out of half precision's range
   */
  static void write(
      Path file, Map<String, AdapterTrainer.MatrixPair> matrices, Map<String, String> metadata) {
    SafetensorsWriter writer = new SafetensorsWriter();
    // PyTorch's loaders expect this.
    writer.metadata("format", "pt");
    metadata.forEach(writer::metadata);
    matrices.forEach(
        (module, pair) -> {
          String key = "transformer." + module;
          long rank = pair.rank();
          checkRange(module, pair.down());
          checkRange(module, pair.up());
          writer.addHalf(key + ".lora_A.weight", List.of(rank, (long) pair.inputs()), pair.down());
          writer.addHalf(key + ".lora_B.weight", List.of((long) pair.outputs(), rank), pair.up());
        });
    WholeFile.write(file, writer::write);
  }

  private static void checkRange(String module, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(Float.float16ToFloat(Float.floatToFloat16(value)))) {
        throw new IllegalArgumentException(
            "the weights of "
                + module
                + " became too large ("
                + value
                + "); tune with a lower learning rate");
      }
    }
  }
}
