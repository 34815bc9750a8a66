package dev.polyptych.worker.model.tiny;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration files of the tiny folder, in the fields that diffusers and transformers write.
 */
final class TinyConfigs {
  /** Width of all text states. */
  private static final int WIDTH = 64;

  private static final int CLIP_LENGTH = 77;

  /** The real T5 length, so that joint sequences have the real structure. */
  private static final int T5_LENGTH = 512;

  private static final ObjectMapper JSON = new ObjectMapper();

  private TinyConfigs() {}

  static void write(Path folder, TinyModel.Size size) throws IOException {
    put(folder, "model_index.json", index());
    put(folder, "transformer/config.json", transformer(size));
    put(folder, "text_encoder/config.json", clip());
    put(folder, "text_encoder_2/config.json", t5());
    put(folder, "vae/config.json", autoencoder());
    put(folder, "scheduler/scheduler_config.json", scheduler());
    TinyTokenizers.writeClip(folder.resolve("tokenizer"), CLIP_LENGTH);
    TinyTokenizers.writeT5(folder.resolve("tokenizer_2"), T5_LENGTH);
  }

  private static void put(Path folder, String name, ObjectNode config) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), config);
  }

  private static ObjectNode index() {
    ObjectNode index = JSON.createObjectNode().put("_class_name", "FluxPipeline");
    index.putArray("scheduler").add("diffusers").add("FlowMatchEulerDiscreteScheduler");
    index.putArray("text_encoder").add("transformers").add("CLIPTextModel");
    index.putArray("text_encoder_2").add("transformers").add("T5EncoderModel");
    index.putArray("tokenizer").add("transformers").add("CLIPTokenizer");
    index.putArray("tokenizer_2").add("transformers").add("T5Tokenizer");
    index.putArray("transformer").add("diffusers").add("FluxTransformer2DModel");
    index.putArray("vae").add("diffusers").add("AutoencoderKL");
    return index;
  }

  private static ObjectNode transformer(TinyModel.Size size) {
    ObjectNode config = JSON.createObjectNode().put("_class_name", "FluxTransformer2DModel");
    config
        .put("patch_size", 1)
        .put("in_channels", 64)
        .put("num_layers", size.doubleBlocks())
        .put("num_single_layers", size.singleBlocks());
    config.put("attention_head_dim", size.headWidth()).put("num_attention_heads", size.heads());
    config
        .put("joint_attention_dim", WIDTH)
        .put("pooled_projection_dim", WIDTH)
        .put("guidance_embeds", true);
    // As in FLUX.1: an eighth for the axis that is always 0, the rest for row and column.
    int eighth = size.headWidth() / 8;
    int axis = (size.headWidth() - eighth) / 2;
    List.of(eighth, axis, axis).forEach(config.putArray("axes_dims_rope")::add);
    return config;
  }

  private static ObjectNode clip() {
    int pieces = TinyTokenizers.clipPieces().size();
    ObjectNode config = JSON.createObjectNode().put("model_type", "clip_text_model");
    config.putArray("architectures").add("CLIPTextModel");
    config.put("vocab_size", pieces).put("hidden_size", WIDTH).put("intermediate_size", 2 * WIDTH);
    config
        .put("num_hidden_layers", 2)
        .put("num_attention_heads", 2)
        .put("max_position_embeddings", CLIP_LENGTH);
    config.put("hidden_act", "quick_gelu").put("layer_norm_eps", 1e-5).put("projection_dim", WIDTH);
    return config
        .put("bos_token_id", pieces - 2)
        .put("eos_token_id", pieces - 1)
        .put("pad_token_id", pieces - 1);
  }

  private static ObjectNode t5() {
    ObjectNode config = JSON.createObjectNode().put("model_type", "t5");
    config.putArray("architectures").add("T5EncoderModel");
    config
        .put("vocab_size", TinyTokenizers.t5Pieces().size())
        .put("d_model", WIDTH)
        .put("d_kv", 32)
        .put("d_ff", 2 * WIDTH);
    config
        .put("num_layers", 2)
        .put("num_heads", 2)
        .put("feed_forward_proj", "gated-gelu")
        .put("layer_norm_epsilon", 1e-6);
    config.put("relative_attention_num_buckets", 32).put("relative_attention_max_distance", 128);
    return config.put("pad_token_id", 0).put("eos_token_id", 1).put("is_encoder_decoder", false);
  }

  private static ObjectNode autoencoder() {
    ObjectNode config = JSON.createObjectNode().put("_class_name", "AutoencoderKL");
    config.put("in_channels", 3).put("out_channels", 3).put("latent_channels", 16);
    for (int width : new int[] {16, 16, 32, 32}) {
      config.withArray("block_out_channels").add(width);
      config.withArray("down_block_types").add("DownEncoderBlock2D");
      config.withArray("up_block_types").add("UpDecoderBlock2D");
    }
    config.put("layers_per_block", 1).put("norm_num_groups", 8).put("act_fn", "silu");
    config.put("scaling_factor", 0.3611).put("shift_factor", 0.1159);
    config.put("mid_block_add_attention", true).put("sample_size", 1024);
    return config.put("use_quant_conv", false).put("use_post_quant_conv", false);
  }

  private static ObjectNode scheduler() {
    ObjectNode config =
        JSON.createObjectNode().put("_class_name", "FlowMatchEulerDiscreteScheduler");
    config.put("num_train_timesteps", 1000).put("shift", 3.0).put("use_dynamic_shifting", true);
    config.put("base_shift", 0.5).put("max_shift", 1.15);
    return config.put("base_image_seq_len", 256).put("max_image_seq_len", 4096);
  }
}
