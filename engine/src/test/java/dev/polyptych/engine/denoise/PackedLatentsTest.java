package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedLatentsTest {
  @TempDir Path folder;

  @Test
  void packsTwoByTwoCellsIntoATokenChannelByChannel() {
    // 2 latent channels, 1 row and 2 columns of tokens: 2 x 4 cells a channel.
    float[] drawn = new SeededNormal(9).numbers(16);

    float[] packed = PackedLatents.noise(9, 1, 2, 8).values();

    int[] order = {0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15};
    for (int i = 0; i < 16; i++) {
      assertEquals(drawn[order[i]], packed[i]);
    }
  }

  @Test
  void readsWhatItWrote() {
    PackedLatents latents = PackedLatents.noise(1, 2, 3, 64);
    Path file = folder.resolve("latents.safetensors");

    latents.write(file);

    PackedLatents read = PackedLatents.read(file);
    assertEquals(6, read.tokens());
    assertEquals(64, read.channels());
    assertArrayEquals(latents.values(), read.values());
  }

  @Test
  void refusesABatch() {
    Path file = folder.resolve("batch.safetensors");
    new SafetensorsWriter().add("latents", List.of(2L, 3L, 4L), new float[24]).write(file);

    assertThrows(IllegalArgumentException.class, () -> PackedLatents.read(file));
  }

  @Test
  void refusesValuesThatDoNotFill() {
    assertThrows(IllegalArgumentException.class, () -> new PackedLatents(2, 64, new float[127]));
  }
}
