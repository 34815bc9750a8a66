package dev.polyptych.engine.plan;

import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TensorShapes;
import java.util.List;

/**
 * A network of a model.
 *
 * @param name its folder
 * @param followsComputeType whether its weights are held in the compute type; else in float32
 */
public record ModelPart(String name, TensorShapes tensors, boolean followsComputeType) {
  /** All four, in the order of loading. */
  public static List<ModelPart> of(ModelFolder folder) {
    return List.of(
        new ModelPart("text_encoder", folder.clip().tensors(), true),
        new ModelPart("text_encoder_2", folder.t5().tensors(), true),
        new ModelPart("transformer", folder.transformer().tensors(), true),
        new ModelPart("vae", folder.autoencoder().tensors(), false));
  }

  public long parameters() {
    return tensors.parameters();
  }

  /**
   * @param bytesAValue of the compute type: 2 or 4
   */
  public long bytes(int bytesAValue) {
    return parameters() * (followsComputeType ? bytesAValue : Float.BYTES);
  }
}
