package dev.polyptych.engine.blueprint;

import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model folder without weights.
 *
 * @param folder its path and the sizes of its networks
 * @param clip vocabulary of {@code tokenizer}
 * @param t5 vocabulary of {@code tokenizer_2}
 * @param t5Length length of a T5 prompt in tokens; CLIP's is the encoder's number of positions
 */
public record ModelBlueprint(
    ModelFolder folder, ClipVocabulary clip, T5Vocabulary t5, int t5Length) {
  /**
   * @throws IllegalArgumentException if an encoder and its tokenizer have different numbers of
   *     pieces
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

  /** Writes configurations and tokenizers and replaces existing ones. Does not touch weights. */
  public void write() throws IOException {
    Path path = folder.path();
    ConfigFiles.write(folder, t5.tokenizerClass());
    clip.write(path.resolve("tokenizer"), folder.clip().positions());
    t5.write(path.resolve("tokenizer_2"), t5Length);
  }
}
