package dev.polyptych.weights.model;

import java.util.List;

/** The networks of a FLUX.1 model, and where files keep them. */
public enum Network {
  TRANSFORMER("transformer", "transformer", "diffusion_pytorch_model"),
  CLIP("clip", "text_encoder", "model"),
  T5("t5", "text_encoder_2", "model"),
  VAE("vae", "vae", "diffusion_pytorch_model");

  private final String key;
  private final String folder;
  private final String stem;

  Network(String key, String folder, String stem) {
    this.key = key;
    this.folder = folder;
    this.stem = stem;
  }

  /** Its name in a model file. */
  public String key() {
    return key;
  }

  /** Its folder in diffusers layout. */
  public String folder() {
    return folder;
  }

  /** Name of its weights there, without variant and ending. */
  String stem() {
    return stem;
  }

  /** What may stand before its tensors' names, as in ComfyUI's files. */
  List<String> prefixes() {
    return switch (this) {
      case TRANSFORMER -> List.of("", "model.diffusion_model.", "diffusion_model.", "transformer.");
      case CLIP ->
          List.of("", "text_encoders.clip_l.transformer.", "clip_l.transformer.", "clip_l.");
      case T5 -> List.of("", "text_encoders.t5xxl.transformer.", "t5xxl.transformer.", "t5xxl.");
      case VAE -> List.of("", "vae.", "first_stage_model.");
    };
  }
}
