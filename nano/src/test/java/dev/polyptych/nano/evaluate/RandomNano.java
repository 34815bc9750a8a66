package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.engine.tiny.RandomWeights;
import dev.polyptych.nano.blueprint.Blueprint;
import dev.polyptych.nano.blueprint.NanoSize;
import dev.polyptych.nano.world.PanelCaptions;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small model of nano's layout that draws noise, with adapters. */
final class RandomNano {
  private static final long RANK = 2;

  private RandomNano() {}

  static void write(Path path, List<String> adapters) throws IOException {
    NanoSize nano = NanoSize.of(8, List.of(8, 8, 8, 8));
    NanoSize small = new NanoSize(1, 1, 1, nano.autoencoder(), nano.scheduler());
    Blueprint.write(path, small, PanelCaptions.words());
    ModelFolder folder = ModelFolder.open(path);
    RandomWeights.fill(folder);
    Files.createDirectories(path.resolve("adapters"));
    for (String adapter : adapters) {
      adapter(folder).write(path.resolve("adapters/" + adapter + ".safetensors"));
    }
  }

  private static SafetensorsWriter adapter(ModelFolder folder) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (LinearLayer layer : folder.transformer().linearLayers()) {
      if (layer.module().contains("transformer_blocks.")) {
        String key = "transformer." + layer.module();
        add(writer, key + ".lora_A.weight", RANK, layer.inputs());
        add(writer, key + ".lora_B.weight", layer.outputs(), RANK);
      }
    }
    return writer;
  }

  private static void add(SafetensorsWriter writer, String key, long rows, long columns) {
    float[] values = new SeededNormal(key.hashCode()).numbers(Math.toIntExact(rows * columns));
    for (int i = 0; i < values.length; i++) {
      values[i] *= 0.05f;
    }
    writer.addHalf(key, List.of(rows, columns), values);
  }
}
