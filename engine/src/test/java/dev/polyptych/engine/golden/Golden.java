package dev.polyptych.engine.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One model folder with what the reference computed for it. */
enum Golden {
  DEV,
  SCHNELL;

  static final double SIGMA = 0.7;
  static final double GUIDANCE = 3.5;
  static final int WIDTH = 64;
  static final int HEIGHT = 96;
  static final int STEPS = 4;

  private static final Path ROOT = Path.of("src/test/resources/goldens");

  Path model() {
    return folder().resolve("model");
  }

  Path adapter(String name) {
    return folder().resolve("adapters").resolve(name + ".safetensors");
  }

  float[] expected(String name) {
    try (SafetensorsFile file = expected()) {
      return file.floats(name);
    }
  }

  float[] expectedEmbedding(String name) {
    Path fixture =
        ROOT.resolve("embeddings")
            .resolve(name().toLowerCase(java.util.Locale.ROOT) + ".safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(fixture)) {
      return file.floats(name);
    }
  }

  /** An expectation as an array on the manager's device. */
  NDArray array(String name, NDManager manager) {
    try (SafetensorsFile file = expected()) {
      long[] shape = file.entry(name).shape().stream().mapToLong(Long::longValue).toArray();
      return manager.create(file.floats(name), new Shape(shape));
    }
  }

  static List<String> prompts() {
    try {
      return List.of(
          new ObjectMapper().readValue(ROOT.resolve("prompts.json").toFile(), String[].class));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private SafetensorsFile expected() {
    return SafetensorsFile.open(folder().resolve("expected.safetensors"));
  }

  private Path folder() {
    return ROOT.resolve(name().toLowerCase(java.util.Locale.ROOT));
  }
}
