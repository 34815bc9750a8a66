package dev.polyptych.nano.train;

import dev.polyptych.training.Trainable.Values;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of transformer and text encoders, which are trained as one network and lie in three
 * files.
 */
final class BaseWeights {
  private final Map<Path, Map<String, List<Long>>> files = new LinkedHashMap<>();

  BaseWeights(ModelFolder folder) {
    Path path = folder.path();
    files.put(
        path.resolve("transformer/diffusion_pytorch_model.safetensors"),
        folder.transformer().tensors().byName());
    files.put(path.resolve("text_encoder_2/model.safetensors"), folder.t5().tensors().byName());
    files.put(path.resolve("text_encoder/model.safetensors"), folder.clip().tensors().byName());
  }

  /** Whether an earlier training left all three. */
  boolean written() {
    return files.keySet().stream().allMatch(Files::exists);
  }

  Map<String, Values> initial(long seed) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    files.values().forEach(shapes::putAll);
    return new InitialWeights(seed).of(shapes);
  }

  Map<String, Values> read() {
    Map<String, Values> values = new LinkedHashMap<>();
    files.forEach(
        (file, shapes) -> {
          try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            shapes.forEach(
                (name, shape) -> values.put(name, new Values(shape, tensors.floats(name))));
          }
        });
    return values;
  }

  void write(Map<String, Values> learnt) {
    WeightsExport export = new WeightsExport(learnt);
    files.forEach((file, shapes) -> export.write(shapes, file));
  }
}
