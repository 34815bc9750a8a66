package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.TransformerConfig;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * All names that a file may use for a model's linear layers and norms, without prefix: diffusers'
 * (with dots, with underscores for dots, and of old attention processors), BFL's (with dots, with
 * underscores) and XLabs' (diffusers loaders/lora_conversion_utils.py, ComfyUI comfy/lora.py). No
 * name means two things. A name of BFL's or XLabs' may stand for several of our layers at once.
 */
final class LayerNames {
  /**
   * What a name stands for.
   *
   * @param layers that one change changes, stacked along its outputs; of a norm one, whose outputs
   *     are its width
   * @param norm whether it is a norm
   * @param swapped whether the two halves of its outputs are in the opposite order to ours: BFL's
   *     final modulation is (shift, scale), diffusers' is (scale, shift) (diffusers {@code
   *     swap_scale_shift})
   * @param fewest inputs that a LoRA of it may have: Fill also takes those of a text-to-image
   *     model, for which the rest of A is 0 (diffusers {@code _maybe_expand_lora_state_dict})
   */
  record Target(List<LinearLayer> layers, boolean norm, boolean swapped, long fewest) {
    Target(List<LinearLayer> layers, boolean norm, boolean swapped) {
      this(layers, norm, swapped, layers.getFirst().inputs());
    }

    static Target norm(String module, long width) {
      return new Target(List.of(new LinearLayer(module, 1, width)), true, false);
    }

    static Target layer(String module, long inputs, long outputs) {
      return new Target(List.of(new LinearLayer(module, inputs, outputs)), false, false);
    }

    long inputs() {
      return layers.getFirst().inputs();
    }

    long outputs() {
      return layers.stream().mapToLong(LinearLayer::outputs).sum();
    }
  }

  private static final Pattern TEXT =
      Pattern.compile("^(?:text_model[._])?encoder[._](?:layers|block)[._]");

  private final Map<String, LinearLayer> layers = new LinkedHashMap<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final int headWidth;
  private final int channels;

  /**
   * @param text layers of the text encoders; empty if they are not known
   */
  LayerNames(TransformerConfig model, List<LinearLayer> text) {
    headWidth = model.headWidth();
    channels = model.channels();
    for (LinearLayer layer : model.linearLayers()) {
      layers.put(layer.module(), layer);
    }
    for (String module : layers.keySet()) {
      add(module, module);
      add(
          module.replace(".attn.", ".attn.processor.").replace(".to_out.0", ".to_out") + "_lora",
          module);
    }
    addEnds();
    text.forEach(this::addText);
    TreeSet<String> blocks = new TreeSet<>();
    layers.keySet().stream()
        .filter(module -> module.contains("transformer_blocks."))
        .forEach(module -> blocks.add(module.replaceAll("(blocks\\.\\d+).*", "$1")));
    for (String block : blocks) {
      if (block.startsWith("single")) {
        addSingle(block, block.replace("single_transformer_blocks", "single_blocks"));
      } else {
        addDouble(block, block.replace("transformer_blocks", "double_blocks"));
      }
    }
  }

  /** Layers of CLIP, which files name with the class around it, and of T5. */
  private void addText(LinearLayer layer) {
    Target target = new Target(List.of(layer), false, false);
    add(layer.module(), target);
    add("text_model." + layer.module(), target);
  }

  /** Whether a name is that of a layer of a text encoder, in any spelling. */
  static boolean ofText(String name) {
    return TEXT.matcher(name).find();
  }

  /** What a name stands for; empty if this model has no such layer or norm. */
  Optional<Target> target(String name) {
    return Optional.ofNullable(targets.get(name));
  }

  private void addEnds() {
    add("img_in", "x_embedder");
    add("txt_in", "context_embedder");
    add("final_layer.linear", "proj_out");
    Map.of("time_in", "timestep", "guidance_in", "guidance", "vector_in", "text")
        .forEach(
            (bfl, ours) -> {
              add(bfl + ".in_layer", "time_text_embed." + ours + "_embedder.linear_1");
              add(bfl + ".out_layer", "time_text_embed." + ours + "_embedder.linear_2");
            });
    add(
        "final_layer.adaLN_modulation.1",
        new Target(List.of(layers.get("norm_out.linear")), false, true));
  }

  private void addDouble(String ours, String bfl) {
    String attention = ours + ".attn.";
    String[] image = {attention + "to_q", attention + "to_k", attention + "to_v"};
    String[] text = {attention + "add_q_proj", attention + "add_k_proj", attention + "add_v_proj"};
    add(bfl + ".img_attn.qkv", image);
    add(bfl + ".txt_attn.qkv", text);
    add(bfl + ".img_attn.proj", attention + "to_out.0");
    add(bfl + ".txt_attn.proj", attention + "to_add_out");
    add(bfl + ".img_mlp.0", ours + ".ff.net.0.proj");
    add(bfl + ".img_mlp.2", ours + ".ff.net.2");
    add(bfl + ".txt_mlp.0", ours + ".ff_context.net.0.proj");
    add(bfl + ".txt_mlp.2", ours + ".ff_context.net.2");
    add(bfl + ".img_mod.lin", ours + ".norm1.linear");
    add(bfl + ".txt_mod.lin", ours + ".norm1_context.linear");
    add(bfl + ".processor.qkv_lora1", image);
    add(bfl + ".processor.qkv_lora2", text);
    add(bfl + ".processor.proj_lora1", attention + "to_out.0");
    add(bfl + ".processor.proj_lora2", attention + "to_add_out");
    addNorm(bfl + ".img_attn.norm.query_norm", attention + "norm_q");
    addNorm(bfl + ".img_attn.norm.key_norm", attention + "norm_k");
    addNorm(bfl + ".txt_attn.norm.query_norm", attention + "norm_added_q");
    addNorm(bfl + ".txt_attn.norm.key_norm", attention + "norm_added_k");
  }

  private void addSingle(String ours, String bfl) {
    String query = ours + ".attn.to_q";
    String key = ours + ".attn.to_k";
    String value = ours + ".attn.to_v";
    add(bfl + ".linear1", query, key, value, ours + ".proj_mlp");
    add(bfl + ".linear2", ours + ".proj_out");
    add(bfl + ".modulation.lin", ours + ".norm.linear");
    add(bfl + ".processor.qkv_lora", query, key, value);
    add(bfl + ".processor.proj_lora", ours + ".proj_out");
    addNorm(bfl + ".norm.query_norm", ours + ".attn.norm_q");
    addNorm(bfl + ".norm.key_norm", ours + ".attn.norm_k");
  }

  private void addNorm(String bfl, String ours) {
    Target norm = Target.norm(ours, headWidth);
    add(ours, norm);
    add(bfl, norm);
  }

  /** Skips names whose layers the model lacks: without guidance there is no guidance embedder. */
  private void add(String name, String... modules) {
    if (layers.keySet().containsAll(List.of(modules))) {
      List<LinearLayer> stacked = List.of(modules).stream().map(layers::get).toList();
      long inputs = stacked.getFirst().inputs();
      long fewest = modules[0].equals("x_embedder") ? channels : inputs;
      add(name, new Target(stacked, false, false, fewest));
    }
  }

  private void add(String name, Target target) {
    targets.put(name, target);
    targets.put(name.replace('.', '_'), target);
  }
}
