package dev.polyptych.engine.blueprint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.SchedulerConfig;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the configuration files of a model folder, with the fields of diffusers and transformers.
 */
public final class ConfigFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfigFiles() {}

  /**
   * Writes all of them below the folder's path and replaces existing ones.
   *
   * @param t5Tokenizer class of the T5 tokenizer in transformers
   */
  public static void write(ModelFolder folder, String t5Tokenizer) throws IOException {
    Path path = folder.path();
    put(path, "model_index.json", index(t5Tokenizer));
    put(path, "transformer/config.json", transformer(folder.transformer()));
    put(path, "text_encoder/config.json", clip(folder.clip()));
    put(path, "text_encoder_2/config.json", t5(folder.t5()));
    put(path, "vae/config.json", autoencoder(folder.autoencoder()));
    put(path, "scheduler/scheduler_config.json", scheduler(folder.scheduler()));
  }

  private static void put(Path folder, String name, ObjectNode config) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), config);
  }

  private static ObjectNode index(String t5Tokenizer) {
    ObjectNode index = JSON.createObjectNode().put("_class_name", "FluxPipeline");
    index.putArray("scheduler").add("diffusers").add("FlowMatchEulerDiscreteScheduler");
    index.putArray("text_encoder").add("transformers").add("CLIPTextModel");
    index.putArray("text_encoder_2").add("transformers").add("T5EncoderModel");
    index.putArray("tokenizer").add("transformers").add("CLIPTokenizer");
    index.putArray("tokenizer_2").add("transformers").add(t5Tokenizer);
    index.putArray("transformer").add("diffusers").add("FluxTransformer2DModel");
    index.putArray("vae").add("diffusers").add("AutoencoderKL");
    return index;
  }

  private static ObjectNode transformer(TransformerConfig size) {
    ObjectNode config = JSON.createObjectNode().put("_class_name", "FluxTransformer2DModel");
    config
        .put("patch_size", 1)
        .put("in_channels", size.inputs())
        .put("num_layers", size.doubleBlocks())
        .put("num_single_layers", size.singleBlocks())
        .put("attention_head_dim", size.headWidth())
        .put("num_attention_heads", size.heads())
        .put("joint_attention_dim", size.textWidth())
        .put("pooled_projection_dim", size.pooledWidth())
        .put("guidance_embeds", size.guided());
    if (size.inputs() != size.channels()) {
      config.put("out_channels", size.channels());
    }
    size.axes().forEach(config.putArray("axes_dims_rope")::add);
    return config;
  }

  private static ObjectNode clip(ClipConfig size) {
    ObjectNode config = JSON.createObjectNode().put("model_type", "clip_text_model");
    config.putArray("architectures").add("CLIPTextModel");
    return config
        .put("vocab_size", size.vocabulary())
        .put("hidden_size", size.width())
        .put("intermediate_size", size.hiddenWidth())
        .put("num_hidden_layers", size.layers())
        .put("num_attention_heads", size.heads())
        .put("max_position_embeddings", size.positions())
        .put("hidden_act", size.activation())
        .put("layer_norm_eps", size.epsilon())
        .put("projection_dim", size.width())
        .put("bos_token_id", size.endToken() - 1)
        .put("eos_token_id", size.endToken())
        .put("pad_token_id", size.endToken());
  }

  private static ObjectNode t5(T5Config size) {
    ObjectNode config = JSON.createObjectNode().put("model_type", "t5");
    config.putArray("architectures").add("T5EncoderModel");
    return config
        .put("vocab_size", size.vocabulary())
        .put("d_model", size.width())
        .put("d_kv", size.headWidth())
        .put("d_ff", size.hiddenWidth())
        .put("num_layers", size.layers())
        .put("num_heads", size.heads())
        .put("feed_forward_proj", size.gated() ? "gated-" + size.activation() : plain(size))
        .put("layer_norm_epsilon", size.epsilon())
        .put("relative_attention_num_buckets", size.buckets())
        .put("relative_attention_max_distance", size.farthest())
        .put("pad_token_id", 0)
        .put("eos_token_id", 1)
        .put("is_encoder_decoder", false);
  }

  /** transformers has another name for GELU's tanh form if there is no gate. */
  private static String plain(T5Config size) {
    return size.activation().equals("gelu") ? "gelu_new" : size.activation();
  }

  private static ObjectNode autoencoder(AutoencoderConfig size) {
    ObjectNode config = JSON.createObjectNode().put("_class_name", "AutoencoderKL");
    config
        .put("in_channels", 3)
        .put("out_channels", 3)
        .put("latent_channels", size.latentChannels());
    for (int width : size.widths()) {
      config.withArray("block_out_channels").add(width);
      config.withArray("down_block_types").add("DownEncoderBlock2D");
      config.withArray("up_block_types").add("UpDecoderBlock2D");
    }
    return config
        .put("layers_per_block", size.blocks())
        .put("norm_num_groups", size.groups())
        .put("act_fn", "silu")
        .put("scaling_factor", size.scaling())
        .put("shift_factor", size.shift())
        .put("mid_block_add_attention", size.middleAttention())
        .put("sample_size", 1024)
        .put("use_quant_conv", size.quantized())
        .put("use_post_quant_conv", size.postQuantized());
  }

  private static ObjectNode scheduler(SchedulerConfig size) {
    return JSON.createObjectNode()
        .put("_class_name", "FlowMatchEulerDiscreteScheduler")
        .put("num_train_timesteps", 1000)
        .put("shift", size.shift())
        .put("use_dynamic_shifting", size.dynamic())
        .put("base_shift", size.baseShift())
        .put("max_shift", size.maxShift())
        .put("base_image_seq_len", size.baseTokens())
        .put("max_image_seq_len", size.maxTokens());
  }
}
