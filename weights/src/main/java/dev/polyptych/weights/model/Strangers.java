package dev.polyptych.weights.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** Says what a file holds that lacks the wanted network. */
final class Strangers {
  private static final String OTHER = "use a FLUX.1 model";

  /** Part of a tensor's name, and what it tells. */
  private static final Map<String, String> MARKS = new LinkedHashMap<>();

  static {
    MARKS.put("double_stream_modulation", "is FLUX.2, which is not supported yet; " + OTHER);
    MARKS.put("input_blocks.", "is a Stable Diffusion model; " + OTHER);
    MARKS.put("joint_blocks.", "is a Stable Diffusion 3 model; " + OTHER);
    MARKS.put(
        ".qweight",
        "is quantised for Nunchaku (SVDQuant), which is not read; use bf16 or float8 weights");
    MARKS.put("lora_", "is an adapter (LoRA), no model; give it by --adapter");
  }

  private Strangers() {}

  /** The exception for a file without the network. */
  static ModelFolderException refusal(PartFiles files, Network network) {
    String lacks = "holds no " + network.folder() + " that is known by its tensors";
    for (Map.Entry<String, String> mark : MARKS.entrySet()) {
      if (files.keys().stream().anyMatch(key -> key.contains(mark.getKey()))) {
        String[] told = mark.getValue().split("; ", 2);
        return new ModelFolderException(files.path(), lacks + ": it " + told[0], told[1]);
      }
    }
    String first = files.keys().stream().findFirst().map(key -> ", e.g. '" + key + "'").orElse("");
    return new ModelFolderException(
        files.path(),
        "lacks the tensors of the %s (it holds %d others%s in %s)"
            .formatted(network.folder(), files.keys().size(), first, files.fileNames()),
        "name a file of diffusers', Black Forest Labs' or ComfyUI's layout");
  }
}
