package dev.polyptych.weights.model;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a file names the tensors of a network. Names in this program are those of diffusers. */
enum Naming {
  /** The names of diffusers and, for text encoders, of transformers. */
  DIFFUSERS("diffusers' names") {
    @Override
    Place place(Network network, String name, long rows, int levels) {
      return Place.whole(name);
    }
  },

  /** CLIP with the prefix of the class around the encoder. Newer transformers write no prefix. */
  TEXT_MODEL("transformers' names with text_model.") {
    @Override
    Place place(Network network, String name, long rows, int levels) {
      return Place.whole("text_model." + name);
    }
  },

  /** T5 under the second name of its tied embedding. */
  EMBED_TOKENS("transformers' names with encoder.embed_tokens") {
    @Override
    Place place(Network network, String name, long rows, int levels) {
      return Place.whole(name.equals("shared.weight") ? "encoder.embed_tokens.weight" : name);
    }
  },

  /** T5 under the names of llama.cpp. */
  LLAMA("llama.cpp's names") {
    @Override
    Place place(Network network, String name, long rows, int levels) {
      return Place.whole(LlamaNames.t5(name));
    }
  },

  /** The names of Black Forest Labs' own code. */
  BFL("BFL's names") {
    @Override
    Place place(Network network, String name, long rows, int levels) {
      return network == Network.VAE
          ? BflNames.autoencoder(name, levels)
          : BflNames.transformer(name, rows);
    }
  };

  private final String text;

  Naming(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /**
   * Where a tensor lies in a file: some rows of a tensor.
   *
   * @param key the file's name of that tensor
   * @param first the first row
   * @param of rows of the file's tensor; 0 if it is taken whole
   * @param swapped whether the halves of the rows are in the other order
   */
  record Place(String key, long first, long of, boolean swapped) {
    static Place whole(String key) {
      return new Place(key, 0, 0, false);
    }

    static Place rows(String key, long first, long of) {
      return new Place(key, first, of, false);
    }
  }

  /**
   * The place of a tensor.
   *
   * @param name as in diffusers
   * @param rows of the tensor: the first number of its shape
   * @param levels resolutions of the autoencoder; no matter for other networks
   */
  abstract Place place(Network network, String name, long rows, int levels);

  /** One tensor by which a naming of a network is recognised. */
  record Mark(Naming naming, String key) {}

  /** What to look for behind each prefix, in this order. */
  static List<Mark> marks(Network network) {
    return switch (network) {
      case TRANSFORMER ->
          List.of(new Mark(BFL, "img_in.weight"), new Mark(DIFFUSERS, "x_embedder.weight"));
      case CLIP ->
          List.of(
              new Mark(TEXT_MODEL, "text_model.embeddings.token_embedding.weight"),
              new Mark(DIFFUSERS, "embeddings.token_embedding.weight"));
      case T5 ->
          List.of(
              new Mark(DIFFUSERS, "shared.weight"),
              new Mark(EMBED_TOKENS, "encoder.embed_tokens.weight"),
              new Mark(LLAMA, "enc.output_norm.weight"));
      case VAE ->
          List.of(
              new Mark(BFL, "decoder.mid.block_1.norm1.weight"),
              new Mark(DIFFUSERS, "decoder.mid_block.resnets.0.norm1.weight"));
    };
  }

  /**
   * BFL's names of tensors (github.com/black-forest-labs/flux, model.py and autoencoder.py;
   * diffusers loaders/single_file_utils.py reads them, too).
   */
  private static final class BflNames {
    private static final Pattern BLOCK =
        Pattern.compile("(single_)?transformer_blocks\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Pattern LEVEL =
        Pattern.compile("(encoder|decoder)\\.(down|up)_blocks\\.(\\d+)\\.(.+)");

    private static final Map<String, String> TOP =
        Map.of(
            "x_embedder", "img_in",
            "context_embedder", "txt_in",
            "time_text_embed.timestep_embedder.linear_1", "time_in.in_layer",
            "time_text_embed.timestep_embedder.linear_2", "time_in.out_layer",
            "time_text_embed.guidance_embedder.linear_1", "guidance_in.in_layer",
            "time_text_embed.guidance_embedder.linear_2", "guidance_in.out_layer",
            "time_text_embed.text_embedder.linear_1", "vector_in.in_layer",
            "time_text_embed.text_embedder.linear_2", "vector_in.out_layer",
            "proj_out", "final_layer.linear");

    private static final Map<String, String> DOUBLE =
        Map.ofEntries(
            Map.entry("norm1.linear", "img_mod.lin"),
            Map.entry("norm1_context.linear", "txt_mod.lin"),
            Map.entry("attn.to_out.0", "img_attn.proj"),
            Map.entry("attn.to_add_out", "txt_attn.proj"),
            Map.entry("ff.net.0.proj", "img_mlp.0"),
            Map.entry("ff.net.2", "img_mlp.2"),
            Map.entry("ff_context.net.0.proj", "txt_mlp.0"),
            Map.entry("ff_context.net.2", "txt_mlp.2"));

    /** A norm has a {@code scale} where diffusers says {@code weight}. */
    private static final Map<String, String> NORMS =
        Map.of(
            "attn.norm_q", "img_attn.norm.query_norm.scale",
            "attn.norm_k", "img_attn.norm.key_norm.scale",
            "attn.norm_added_q", "txt_attn.norm.query_norm.scale",
            "attn.norm_added_k", "txt_attn.norm.key_norm.scale");

    private static final List<String> IMAGE = List.of("attn.to_q", "attn.to_k", "attn.to_v");
    private static final List<String> TEXT =
        List.of("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj");

    private static final Map<String, String> MIDDLE =
        Map.of(
            "mid_block.resnets.0.", "mid.block_1.",
            "mid_block.resnets.1.", "mid.block_2.",
            "mid_block.attentions.0.group_norm.", "mid.attn_1.norm.",
            "mid_block.attentions.0.to_q.", "mid.attn_1.q.",
            "mid_block.attentions.0.to_k.", "mid.attn_1.k.",
            "mid_block.attentions.0.to_v.", "mid.attn_1.v.",
            "mid_block.attentions.0.to_out.0.", "mid.attn_1.proj_out.",
            "conv_norm_out.", "norm_out.");

    static Place transformer(String name, long rows) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        String number = block.group(2) + ".";
        return block.group(1) == null
            ? inDouble("double_blocks." + number, block.group(3), "." + block.group(4), rows)
            : inSingle("single_blocks." + number, block.group(3), "." + block.group(4), rows);
      }
      int end = name.lastIndexOf('.');
      String module = name.substring(0, end);
      if (module.equals("norm_out.linear")) {
        // BFL's halves are shift and scale, diffusers' scale and shift.
        String key = "final_layer.adaLN_modulation.1" + name.substring(end);
        return new Place(key, 0, rows, true);
      }
      return Place.whole(TOP.getOrDefault(module, module) + name.substring(end));
    }

    private static Place inDouble(String block, String module, String end, long rows) {
      if (IMAGE.contains(module)) {
        return Place.rows(block + "img_attn.qkv" + end, IMAGE.indexOf(module) * rows, 3 * rows);
      }
      if (TEXT.contains(module)) {
        return Place.rows(block + "txt_attn.qkv" + end, TEXT.indexOf(module) * rows, 3 * rows);
      }
      if (NORMS.containsKey(module)) {
        return Place.whole(block + NORMS.get(module));
      }
      return Place.whole(block + DOUBLE.getOrDefault(module, module) + end);
    }

    /** The first matrix holds q, k, v and the MLP, which is as wide as four of them. */
    private static Place inSingle(String block, String module, String end, long rows) {
      return switch (module) {
        case "attn.to_q", "attn.to_k", "attn.to_v" ->
            Place.rows(block + "linear1" + end, IMAGE.indexOf(module) * rows, 7 * rows);
        case "proj_mlp" -> Place.rows(block + "linear1" + end, 3 * (rows / 4), 7 * (rows / 4));
        case "proj_out" -> Place.whole(block + "linear2" + end);
        case "norm.linear" -> Place.whole(block + "modulation.lin" + end);
        case "attn.norm_q" -> Place.whole(block + "norm.query_norm.scale");
        case "attn.norm_k" -> Place.whole(block + "norm.key_norm.scale");
        default -> Place.whole(block + module + end);
      };
    }

    /** BFL counts the decoder's levels from the finest, diffusers from the coarsest. */
    static Place autoencoder(String name, int levels) {
      Matcher level = LEVEL.matcher(name);
      if (level.matches()) {
        boolean up = level.group(2).equals("up");
        int number = Integer.parseInt(level.group(3));
        String rest =
            level
                .group(4)
                .replace("resnets.", "block.")
                .replace("conv_shortcut", "nin_shortcut")
                .replace("downsamplers.0.conv", "downsample.conv")
                .replace("upsamplers.0.conv", "upsample.conv");
        return Place.whole(
            level.group(1)
                + "."
                + level.group(2)
                + "."
                + (up ? levels - 1 - number : number)
                + "."
                + rest);
      }
      String key = name;
      for (Map.Entry<String, String> middle : MIDDLE.entrySet()) {
        key = key.replace(middle.getKey(), middle.getValue());
      }
      return Place.whole(key);
    }
  }
}
