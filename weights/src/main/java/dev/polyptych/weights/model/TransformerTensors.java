package dev.polyptych.weights.model;

import java.util.ArrayList;
import java.util.List;

/** What tensors a FLUX transformer has, in diffusers' names (transformer_flux.py). */
final class TransformerTensors {
  private static final List<String> DOUBLE_ATTENTION =
      List.of(
          "to_q",
          "to_k",
          "to_v",
          "add_q_proj",
          "add_k_proj",
          "add_v_proj",
          "to_out.0",
          "to_add_out");

  private TransformerTensors() {}

  /** All linear layers, in the order of the forward pass: the places that an adapter may fill. */
  static List<LinearLayer> linearLayers(TransformerConfig config) {
    List<LinearLayer> layers = new ArrayList<>(embedders(config));
    for (int i = 0; i < config.doubleBlocks(); i++) {
      layers.addAll(doubleBlock("transformer_blocks." + i, config.width()));
    }
    for (int i = 0; i < config.singleBlocks(); i++) {
      layers.addAll(singleBlock("single_transformer_blocks." + i, config.width()));
    }
    layers.add(new LinearLayer("norm_out.linear", config.width(), 2L * config.width()));
    layers.add(new LinearLayer("proj_out", config.width(), config.channels()));
    return layers;
  }

  /** All tensors with their shapes. */
  static TensorShapes of(TransformerConfig config) {
    TensorShapes shapes = new TensorShapes();
    linearLayers(config)
        .forEach(layer -> shapes.linear(layer.module(), layer.inputs(), layer.outputs()));
    for (int i = 0; i < config.doubleBlocks(); i++) {
      for (String norm : List.of("norm_q", "norm_k", "norm_added_q", "norm_added_k")) {
        shapes.tensor("transformer_blocks." + i + ".attn." + norm + ".weight", config.headWidth());
      }
    }
    for (int i = 0; i < config.singleBlocks(); i++) {
      for (String norm : List.of("norm_q", "norm_k")) {
        shapes.tensor(
            "single_transformer_blocks." + i + ".attn." + norm + ".weight", config.headWidth());
      }
    }
    return shapes;
  }

  private static List<LinearLayer> embedders(TransformerConfig config) {
    long width = config.width();
    List<LinearLayer> layers = new ArrayList<>();
    layers.add(new LinearLayer("x_embedder", config.channels(), width));
    layers.add(new LinearLayer("context_embedder", config.textWidth(), width));
    layers.addAll(
        perceptron("time_text_embed.timestep_embedder", TransformerConfig.SINUS_WIDTH, width));
    if (config.guided()) {
      layers.addAll(
          perceptron("time_text_embed.guidance_embedder", TransformerConfig.SINUS_WIDTH, width));
    }
    layers.addAll(perceptron("time_text_embed.text_embedder", config.pooledWidth(), width));
    return layers;
  }

  private static List<LinearLayer> perceptron(String module, long inputs, long width) {
    return List.of(
        new LinearLayer(module + ".linear_1", inputs, width),
        new LinearLayer(module + ".linear_2", width, width));
  }

  private static List<LinearLayer> doubleBlock(String block, long width) {
    List<LinearLayer> layers = new ArrayList<>();
    layers.add(new LinearLayer(block + ".norm1.linear", width, 6 * width));
    layers.add(new LinearLayer(block + ".norm1_context.linear", width, 6 * width));
    DOUBLE_ATTENTION.forEach(
        name -> layers.add(new LinearLayer(block + ".attn." + name, width, width)));
    for (String stream : List.of("ff", "ff_context")) {
      layers.add(new LinearLayer(block + "." + stream + ".net.0.proj", width, 4 * width));
      layers.add(new LinearLayer(block + "." + stream + ".net.2", 4 * width, width));
    }
    return layers;
  }

  private static List<LinearLayer> singleBlock(String block, long width) {
    return List.of(
        new LinearLayer(block + ".norm.linear", width, 3 * width),
        new LinearLayer(block + ".attn.to_q", width, width),
        new LinearLayer(block + ".attn.to_k", width, width),
        new LinearLayer(block + ".attn.to_v", width, width),
        new LinearLayer(block + ".proj_mlp", width, 4 * width),
        new LinearLayer(block + ".proj_out", 5 * width, width));
  }
}
