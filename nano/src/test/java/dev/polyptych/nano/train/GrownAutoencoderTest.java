package dev.polyptych.nano.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.training.Trainable.Values;
import dev.polyptych.weights.model.AutoencoderConfig;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrownAutoencoderTest {
  @TempDir Path folder;

  @Test
  void theOuterLayersAreTheSmallerOnesAndTheInnerOnesBeginAnew() {
    Map<String, Values> small = initial(1, List.of(8, 16));
    Map<String, Values> large = initial(2, List.of(8, 16, 24));
    Path file = folder.resolve("small.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    small.forEach((name, values) -> writer.add(name, values.shape(), values.numbers()));
    writer.write(file);

    Map<String, Values> grown = GrownAutoencoder.of(large, file);

    assertEquals(large.keySet(), grown.keySet());
    same(small, "encoder.conv_in.weight", grown, "encoder.conv_in.weight");
    String resnet = ".resnets.0.conv1.weight";
    same(small, "encoder.down_blocks.1" + resnet, grown, "encoder.down_blocks.1" + resnet);
    same(small, "decoder.up_blocks.1" + resnet, grown, "decoder.up_blocks.2" + resnet);
    same(small, "decoder.conv_out.weight", grown, "decoder.conv_out.weight");
    same(large, "encoder.mid_block" + resnet, grown, "encoder.mid_block" + resnet);
    same(large, "decoder.up_blocks.0" + resnet, grown, "decoder.up_blocks.0" + resnet);
    same(large, "decoder.conv_in.weight", grown, "decoder.conv_in.weight");
  }

  private static Map<String, Values> initial(long seed, List<Integer> widths) {
    AutoencoderConfig config = new AutoencoderConfig(4, widths, 1, 8, 1, 0, false, false, false);
    return new InitialWeights(seed).of(config.tensors().byName());
  }

  private static void same(
      Map<String, Values> from, String name, Map<String, Values> to, String there) {
    assertArrayEquals(from.get(name).numbers(), to.get(there).numbers());
  }
}
