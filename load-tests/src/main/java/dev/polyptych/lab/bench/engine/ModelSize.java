package dev.polyptych.lab.bench.engine;

import dev.polyptych.engine.blueprint.ClipVocabulary;
import dev.polyptych.engine.blueprint.ModelBlueprint;
import dev.polyptych.engine.blueprint.T5Vocabulary;
import dev.polyptych.engine.tiny.RandomWeights;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.model.ClipConfig;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.SchedulerConfig;
import dev.polyptych.weights.model.T5Config;
import dev.polyptych.weights.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The size of the measured network. */
public enum ModelSize {
  /** The built-in model: 11 M parameters in the transformer, a sheet of 128 x 128 pixels. */
  NANO("nano", 24, 128, 128, 0, 0, 0, 0, 0),

  /** About 100 M parameters, including encoders and autoencoder; a sheet of 512 x 512 pixels. */
  HUNDRED_MILLION("100m", 8, 512, 512, 2, 5, 12, 64, 512),

  /**
   * One double and one single block of FLUX.1's width, its autoencoder, small encoders. It draws
   * sheets of the published tasks, by default the smallest.
   */
  FULL_WIDTH("full-width", 4, 960, 1088, 1, 1, 24, 128, 512);

  /** Rank of the adapter: the same as that of the published adapters. */
  private static final int RANK = 16;

  static final String ADAPTER = "bench";

  private static final int T5_LENGTH = 512;
  private static final int CLIP_LENGTH = 77;
  private static final int CLIP_WIDTH = 256;
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-[]<>";

  private final String text;
  private final int steps;
  private final int width;
  private final int height;
  private final int doubleBlocks;
  private final int singleBlocks;
  private final int heads;
  private final int headWidth;
  private final int textWidth;

  ModelSize(
      String text,
      int steps,
      int width,
      int height,
      int doubleBlocks,
      int singleBlocks,
      int heads,
      int headWidth,
      int textWidth) {
    this.text = text;
    this.steps = steps;
    this.width = width;
    this.height = height;
    this.doubleBlocks = doubleBlocks;
    this.singleBlocks = singleBlocks;
    this.heads = heads;
    this.headWidth = headWidth;
    this.textWidth = textWidth;
  }

  /** The name in options: {@code 100m}. */
  @Override
  public String toString() {
    return text;
  }

  /**
   * The size with this name.
   *
   * @throws IllegalArgumentException naming the known sizes
   */
  public static ModelSize of(String text) {
    return Arrays.stream(values())
        .filter(size -> size.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be one of " + Arrays.toString(values()) + ", was " + text));
  }

  /** Default number of steps of a job. */
  public int steps() {
    return steps;
  }

  /** Of the sheet, in pixels. */
  public int width() {
    return width;
  }

  /** Of the sheet, in pixels. */
  public int height() {
    return height;
  }

  /**
   * The folder of such a model. It is written with random weights below {@code work} unless it
   * exists. For the built-in model it is that model's folder.
   */
  Path folder(Path work, Path builtIn) throws IOException {
    if (this == NANO) {
      return builtIn;
    }
    Path path = work.resolve(text);
    // The adapter is written last. If it exists, the folder is complete.
    if (!Files.exists(adapter(path))) {
      blueprint(path).write();
      ModelFolder written = ModelFolder.open(path);
      RandomWeights.fill(written);
      Files.createDirectories(path.resolve("adapters"));
      RandomWeights.adapter(written, RANK, ADAPTER);
    }
    return path;
  }

  /** The adapter to draw with. */
  Path adapter(Path folder) {
    String name = this == NANO ? "film-storyboard" : ADAPTER;
    return folder.resolve("adapters").resolve(name + ".safetensors");
  }

  private ModelBlueprint blueprint(Path path) {
    ClipVocabulary clip = ClipVocabulary.ofMerges(List.of("t h", "i n", "a n"));
    T5Vocabulary t5 = T5Vocabulary.exact(LETTERS, List.of("a", "the", "and", "panel"));
    ModelFolder folder =
        new ModelFolder(
            path,
            transformer(),
            clip(clip),
            t5(t5.pieces().size()),
            autoencoder(),
            new SchedulerConfig(true, 3.0, 0.5, 1.15, 256, 4096));
    return new ModelBlueprint(folder, clip, t5, T5_LENGTH);
  }

  private TransformerConfig transformer() {
    int eighth = headWidth / 8;
    int axis = (headWidth - eighth) / 2;
    return new TransformerConfig(
        64,
        doubleBlocks,
        singleBlocks,
        heads,
        headWidth,
        textWidth,
        CLIP_WIDTH,
        true,
        List.of(eighth, axis, axis));
  }

  private static ClipConfig clip(ClipVocabulary vocabulary) {
    return new ClipConfig(
        vocabulary.pieces().size(),
        CLIP_WIDTH,
        4 * CLIP_WIDTH,
        4,
        4,
        CLIP_LENGTH,
        "quick_gelu",
        1e-5,
        vocabulary.endToken());
  }

  private T5Config t5(int pieces) {
    return new T5Config(
        pieces, textWidth, 64, 2 * textWidth, 4, textWidth / 64, 32, 128, 1e-6, "gelu", true);
  }

  private AutoencoderConfig autoencoder() {
    List<Integer> widths =
        this == FULL_WIDTH ? List.of(128, 256, 512, 512) : List.of(32, 64, 128, 128);
    return new AutoencoderConfig(16, widths, 2, 32, 0.3611, 0.1159, true, false, false);
  }
}
