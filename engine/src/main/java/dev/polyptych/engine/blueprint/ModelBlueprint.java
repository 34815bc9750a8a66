package dev.polyptych.engine.blueprint;

import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model folder before it has weights.
 *
 * @param folder where it goes, and the sizes of its networks
 * @param clip vocabulary of {@code tokenizer}
 * @param t5 vocabulary of {@code tokenizer_2}
 * @param t5Length tokens of a prompt for T5; CLIP's are the encoder's positions
 */
public record ModelBlueprint(
    ModelFolder folder, ClipVocabulary clip, T5Vocabulary t5, int t5Length) {
  /**
   * @throws IllegalArgumentException if an encoder has another number of pieces than its tokenizer
   */
  public ModelBlueprint {
    fits("CLIP", folder.clip().vocabulary(), clip.pieces().size());
    fits("T5", folder.t5().vocabulary(), t5.pieces().size());
  }

  private static void fits(String encoder, int rows, int pieces) {
    if (rows != pieces) {
      throw new IllegalArgumentException(
          encoder + " embeds " + rows + " pieces, but its tokenizer has " + pieces);
    }
  }

  /** Writes everything, replacing what was there; weights beside it stay. */
  public void write() throws IOException {
    Path path = folder.path();
    ConfigFiles.write(folder, t5.tokenizerClass());
    clip.write(path.resolve("tokenizer"), folder.clip().positions());
    t5.write(path.resolve("tokenizer_2"), t5Length);
  }
}
