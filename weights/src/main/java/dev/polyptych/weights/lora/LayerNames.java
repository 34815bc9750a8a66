package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All names that a file may use for a model's linear layers (diffusers
 * loaders/lora_conversion_utils.py). A name in BFL's original layout, or in XLabs', may stand for
 * several of our layers at once.
 */
final class LayerNames {
  /** Naming schemes. */
  enum Spelling {
    DIFFUSERS,
    /** With underscores for dots. */
    DIFFUSERS_FLAT,
    BFL,
    /** With underscores for dots. */
    BFL_FLAT,
    XLABS
  }

  /**
   * Layers that one pair changes, stacked along its outputs.
   *
   * @param swapped whether the two halves of its outputs are in the opposite order to ours: BFL's
   *     final modulation is (shift, scale), diffusers' is (scale, shift) (diffusers {@code
   *     swap_scale_shift})
   */
  record Target(List<LinearLayer> layers, boolean swapped) {}

  private final Map<String, LinearLayer> layers = new LinkedHashMap<>();
  private final Map<Spelling, Map<String, Target>> targets = new HashMap<>();

  LayerNames(List<LinearLayer> layers) {
    for (Spelling spelling : Spelling.values()) {
      targets.put(spelling, new HashMap<>());
    }
    for (LinearLayer layer : layers) {
      this.layers.put(layer.module(), layer);
      add(Spelling.DIFFUSERS, layer.module(), layer.module());
      add(Spelling.DIFFUSERS_FLAT, layer.module().replace('.', '_'), layer.module());
    }
    addEnds();
    TreeSet<String> blocks = new TreeSet<>();
    layers.stream()
        .filter(layer -> layer.module().contains("transformer_blocks."))
        .forEach(layer -> blocks.add(layer.module().replaceAll("(blocks\\.\\d+).*", "$1")));
    for (String block : blocks) {
      if (block.startsWith("single")) {
        addSingle(block, block.replace("single_transformer_blocks", "single_blocks"));
      } else {
        addDouble(block, block.replace("transformer_blocks", "double_blocks"));
      }
    }
  }

  /** The layers behind a name; empty if this model lacks them. */
  Optional<Target> target(Spelling spelling, String name) {
    return Optional.ofNullable(targets.get(spelling).get(name));
  }

  private void addEnds() {
    addBfl("img_in", "x_embedder");
    addBfl("txt_in", "context_embedder");
    addBfl("final_layer.linear", "proj_out");
    Map.of("time_in", "timestep", "guidance_in", "guidance", "vector_in", "text")
        .forEach(
            (bfl, ours) -> {
              addBfl(bfl + ".in_layer", "time_text_embed." + ours + "_embedder.linear_1");
              addBfl(bfl + ".out_layer", "time_text_embed." + ours + "_embedder.linear_2");
            });
    String modulation = "final_layer.adaLN_modulation.1";
    Target swapped = new Target(List.of(layers.get("norm_out.linear")), true);
    targets.get(Spelling.BFL).put(modulation, swapped);
    targets.get(Spelling.BFL_FLAT).put(modulation.replace('.', '_'), swapped);
  }

  private void addDouble(String ours, String bfl) {
    String attention = ours + ".attn.";
    String[] image = {attention + "to_q", attention + "to_k", attention + "to_v"};
    String[] text = {attention + "add_q_proj", attention + "add_k_proj", attention + "add_v_proj"};
    addBfl(bfl + ".img_attn.qkv", image);
    addBfl(bfl + ".txt_attn.qkv", text);
    addBfl(bfl + ".img_attn.proj", attention + "to_out.0");
    addBfl(bfl + ".txt_attn.proj", attention + "to_add_out");
    addBfl(bfl + ".img_mlp.0", ours + ".ff.net.0.proj");
    addBfl(bfl + ".img_mlp.2", ours + ".ff.net.2");
    addBfl(bfl + ".txt_mlp.0", ours + ".ff_context.net.0.proj");
    addBfl(bfl + ".txt_mlp.2", ours + ".ff_context.net.2");
    addBfl(bfl + ".img_mod.lin", ours + ".norm1.linear");
    addBfl(bfl + ".txt_mod.lin", ours + ".norm1_context.linear");
    add(Spelling.XLABS, bfl + ".processor.qkv_lora1", image);
    add(Spelling.XLABS, bfl + ".processor.qkv_lora2", text);
    add(Spelling.XLABS, bfl + ".processor.proj_lora1", attention + "to_out.0");
    add(Spelling.XLABS, bfl + ".processor.proj_lora2", attention + "to_add_out");
  }

  private void addSingle(String ours, String bfl) {
    String query = ours + ".attn.to_q";
    String key = ours + ".attn.to_k";
    String value = ours + ".attn.to_v";
    addBfl(bfl + ".linear1", query, key, value, ours + ".proj_mlp");
    addBfl(bfl + ".linear2", ours + ".proj_out");
    addBfl(bfl + ".modulation.lin", ours + ".norm.linear");
    add(Spelling.XLABS, bfl + ".processor.qkv_lora", query, key, value);
    add(Spelling.XLABS, bfl + ".processor.proj_lora", ours + ".proj_out");
  }

  private void addBfl(String name, String... modules) {
    add(Spelling.BFL, name, modules);
    add(Spelling.BFL_FLAT, name.replace('.', '_'), modules);
  }

  /** Skips names whose layers the model lacks: without guidance there is no guidance embedder. */
  private void add(Spelling spelling, String name, String... modules) {
    if (layers.keySet().containsAll(List.of(modules))) {
      List<LinearLayer> stacked = List.of(modules).stream().map(layers::get).toList();
      targets.get(spelling).put(name, new Target(stacked, false));
    }
  }
}
