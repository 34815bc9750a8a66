package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.weights.model.LinearLayer;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFileTest {
  private static final TransformerConfig MODEL =
      ModelFolder.open(TinyModels.folder()).transformer();
  private static final String QUERY = "transformer_blocks.0.attn.to_q";

  @TempDir private Path folder;

  @Test
  void writesWhatTheReaderTakesForEveryLayerOfTheBlocks() {
    Path file = folder.resolve("adapters/new.safetensors");
    List<LinearLayer> chosen =
        TuningJob.choose(MODEL.linearLayers(), Pattern.compile(TuningJob.BLOCKS));

    AdapterFile.write(file, random(chosen, 16), Map.of("polyptych.task", "font-design"));

    HostAdapter read = new AdapterReader(MODEL).read(file);
    assertEquals(2 * 14 + 2 * 6, read.modules());
    assertEquals(16, read.rank());
    assertEquals("new", read.name());
  }

  @Test
  void writesHalvesInTheLayoutOfDiffusersWithoutAlpha() {
    Path file = folder.resolve("new.safetensors");
    AdapterTrainer.MatrixPair pair =
        new AdapterTrainer.MatrixPair(
            1, 2, 3, new float[] {1, -2.5f}, new float[] {3, 1e-3f, 65504});

    AdapterFile.write(file, Map.of(QUERY, pair), Map.of("polyptych.task", "font-design"));

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      String down = "transformer." + QUERY + ".lora_A.weight";
      String up = "transformer." + QUERY + ".lora_B.weight";
      assertEquals(List.of(down, up), List.copyOf(read.names()));
      assertEquals(List.of(1L, 2L), read.entry(down).shape());
      assertEquals(List.of(3L, 1L), read.entry(up).shape());
      assertEquals(TensorType.F16, read.entry(up).type());
      assertArrayEquals(new float[] {1, -2.5f}, read.floats(down));
      assertArrayEquals(new float[] {3, 1e-3f, 65504}, read.floats(up), 1e-6f);
      assertEquals(Map.of("format", "pt", "polyptych.task", "font-design"), read.metadata());
    }
  }

  @Test
  void keepsTheOldFileWhenAWeightDoesNotFitHalfPrecision() throws IOException {
    Path file = Files.writeString(folder.resolve("new.safetensors"), "old");
    for (float value : new float[] {70_000, Float.NaN, Float.NEGATIVE_INFINITY}) {
      AdapterTrainer.MatrixPair pair =
          new AdapterTrainer.MatrixPair(1, 1, 1, new float[] {value}, new float[] {1});

      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> AdapterFile.write(file, Map.of(QUERY, pair), Map.of()));

      assertTrue(refused.getMessage().contains(QUERY), refused.getMessage());
    }
    assertEquals("old", Files.readString(file));
    assertFalse(Files.exists(folder.resolve("new.safetensors.part")));
  }

  @Test
  void picksLayersByAPattern() {
    List<LinearLayer> queries =
        TuningJob.choose(MODEL.linearLayers(), Pattern.compile("attn\\.to_q$"));

    assertEquals(4, queries.size());
    TuningException none =
        assertThrows(
            TuningException.class,
            () -> TuningJob.choose(MODEL.linearLayers(), Pattern.compile("unet")));
    assertTrue(none.getMessage().startsWith("no linear layer of the model has unet in its name"));
  }

  private static Map<String, AdapterTrainer.MatrixPair> random(List<LinearLayer> layers, int rank) {
    Random random = new Random(3);
    Map<String, AdapterTrainer.MatrixPair> matrices = new LinkedHashMap<>();
    for (LinearLayer layer : layers) {
      int inputs = (int) layer.inputs();
      int outputs = (int) layer.outputs();
      matrices.put(
          layer.module(),
          new AdapterTrainer.MatrixPair(
              rank,
              inputs,
              outputs,
              values(random, rank * inputs),
              values(random, outputs * rank)));
    }
    return matrices;
  }

  private static float[] values(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
