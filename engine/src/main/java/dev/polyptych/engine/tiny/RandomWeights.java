package dev.polyptych.engine.tiny;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Random weights that keep signals at unit scale through a network: a layer's weights have variance
 * 1/inputs, norms are near 1, biases are small. The values of a tensor depend on its name only, so
 * a change to one part does not change the others.
 */
public final class RandomWeights {
  private static final float BIAS = 0.1f;

  private final String salt;
  private final Map<String, Float> gains = new TreeMap<>();

  RandomWeights(String salt) {
    this.salt = salt;
  }

  /** Writes the weights of all four networks into a folder that has only configurations. */
  public static void fill(ModelFolder folder) {
    Path path = folder.path();
    new RandomWeights("transformer")
        .gain("proj_out.weight", 1.5)
        .write(
            folder.transformer().tensors().byName(),
            path.resolve("transformer/diffusion_pytorch_model.safetensors"));
    new RandomWeights("clip")
        .write(folder.clip().tensors().byName(), path.resolve("text_encoder/model.safetensors"));
    new RandomWeights("t5")
        .write(folder.t5().tensors().byName(), path.resolve("text_encoder_2/model.safetensors"));
    new RandomWeights("vae")
        .gain("conv_out.weight", 1.2)
        .write(
            folder.autoencoder().tensors().byName(),
            path.resolve("vae/diffusion_pytorch_model.safetensors"));
  }

  /** Writes a random half-precision adapter into {@code adapters} of the folder. */
  public static void adapter(ModelFolder folder, long rank, String name) {
    SafetensorsWriter writer = new SafetensorsWriter();
    RandomWeights random = new RandomWeights("adapter " + name);
    for (LinearLayer layer : folder.transformer().linearLayers()) {
      // The published IC-LoRAs change every linear layer inside the blocks and none outside.
      if (layer.module().contains("transformer_blocks.")) {
        String key = "transformer." + layer.module();
        random.addHalf(writer, key + ".lora_A.weight", List.of(rank, layer.inputs()));
        random.addHalf(writer, key + ".lora_B.weight", List.of(layer.outputs(), rank));
      }
    }
    writer.write(folder.path().resolve("adapters").resolve(name + ".safetensors"));
  }

  /** Multiplies the weights of all tensors whose name contains {@code part}. */
  RandomWeights gain(String part, double factor) {
    gains.put(part, (float) factor);
    return this;
  }

  /** Writes a part's weight file. */
  void write(Map<String, List<Long>> shapes, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    shapes.forEach((name, shape) -> writer.add(name, shape, values(name, shape)));
    writer.write(file);
  }

  /** Adds one half-precision tensor. */
  void addHalf(SafetensorsWriter writer, String name, List<Long> shape) {
    writer.addHalf(name, shape, values(name, shape));
  }

  private float[] values(String name, List<Long> shape) {
    float[] values = normal(name, shape);
    boolean norm = shape.size() == 1 && name.endsWith(".weight");
    float scale = shape.size() == 1 ? BIAS : spread(name, shape);
    for (int i = 0; i < values.length; i++) {
      values[i] = norm ? 1 + scale * values[i] : scale * values[i];
    }
    return values;
  }

  private float[] normal(String name, List<Long> shape) {
    long seed = 0xCBF29CE484222325L;
    for (char letter : (salt + "/" + name).toCharArray()) {
      seed = (seed ^ letter) * 0x100000001B3L;
    }
    return new SeededNormal(seed)
        .numbers(Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact)));
  }

  private float spread(String name, List<Long> shape) {
    long inputs = shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    float scale =
        name.contains("embedding") || name.equals("shared.weight")
            ? 1
            : (float) (1 / Math.sqrt((double) inputs));
    for (Map.Entry<String, Float> gain : gains.entrySet()) {
      scale *= name.contains(gain.getKey()) ? gain.getValue() : 1;
    }
    return scale;
  }
}
