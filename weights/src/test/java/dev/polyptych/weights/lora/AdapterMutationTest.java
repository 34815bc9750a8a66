package dev.polyptych.weights.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Files of every kind of change, in which keys, shapes and types have been mixed up. */
class AdapterMutationTest {
  private static final ModelFolder MODEL = ModelFolder.open(Path.of("src/test/resources/tiny"));
  private static final List<String> WORDS =
      List.of(
          "lora_A",
          "lora_B",
          "lokr_w1",
          "lokr_w2",
          "lokr_w2_a",
          "lokr_w2_b",
          "hada_w1_a",
          "alpha",
          "hada_w2_b",
          "diff_b",
          "diff",
          "dora_scale",
          "scale",
          "img_in",
          "txt_in",
          "F32",
          "F8_E4M3",
          "I32",
          "[64]",
          "[8,8]",
          "[64,64]",
          "[1,64]",
          "[64,1]",
          "[192]",
          "[0,64]");

  @Property(tries = 400)
  void areReadOrRefusedWithAndWithoutTheModel(@ForAll long seed) throws IOException {
    Path file = Files.createTempFile("mutated", ".safetensors");
    try {
      Files.write(file, mutated(whole(file), new Random(seed)));
      Optional<Integer> read = modules(file, () -> new AdapterReader(MODEL).read(file).modules());
      Optional<Integer> checked =
          modules(file, () -> new AdapterReader(MODEL).check(file).modules());
      Optional<Integer> alone = modules(file, () -> AdapterReader.checkForAnyModel(file).modules());
      assertEquals(read, checked);
      assertTrue(alone.isPresent() || read.isEmpty());
    } finally {
      Files.delete(file);
    }
  }

  /** Swaps a few words of the header for others of the same length, or of any, then padded. */
  private static byte[] mutated(byte[] file, Random random) {
    int length = (file[0] & 255) | (file[1] & 255) << 8;
    String header = new String(file, 8, length, StandardCharsets.UTF_8).stripTrailing();
    for (int i = random.nextInt(4); i > 0; i--) {
      String from = WORDS.get(random.nextInt(WORDS.size()));
      String to = WORDS.get(random.nextInt(WORDS.size()));
      int at = header.indexOf(from, random.nextInt(header.length()));
      if (at >= 0) {
        header = header.substring(0, at) + to + header.substring(at + from.length());
      }
    }
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] changed = new byte[8 + json.length + file.length - 8 - length];
    changed[0] = (byte) json.length;
    changed[1] = (byte) (json.length >> 8);
    System.arraycopy(json, 0, changed, 8, json.length);
    System.arraycopy(file, 8 + length, changed, 8 + json.length, file.length - 8 - length);
    return changed;
  }

  private static byte[] whole(Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    add(writer, "img_in.lora_A.weight", 4, 64);
    add(writer, "img_in.lora_B.weight", 64, 4);
    writer.add("img_in.lora_B.bias", List.of(64L), ones(64));
    writer.add("img_in.alpha", List.of(), ones(1));
    add(writer, "txt_in.lokr_w1", 8, 8);
    add(writer, "txt_in.lokr_w2_a", 8, 2);
    add(writer, "txt_in.lokr_w2_b", 2, 8);
    add(writer, "txt_in.dora_scale", 64, 1);
    add(writer, "double_blocks.0.img_attn.qkv.lokr_w1", 2, 8);
    add(writer, "double_blocks.0.img_attn.qkv.lokr_w2", 96, 8);
    for (String left : List.of("1", "2")) {
      add(writer, "double_blocks.0.img_attn.proj.hada_w" + left + "_a", 64, 2);
      add(writer, "double_blocks.0.img_attn.proj.hada_w" + left + "_b", 2, 64);
    }
    add(writer, "double_blocks.0.txt_attn.proj.diff", 64, 64);
    writer.add("double_blocks.0.txt_attn.proj.diff_b", List.of(64L), ones(64));
    writer.add("double_blocks.0.img_attn.norm.query_norm.scale", List.of(32L), ones(32));
    writer.write(file);
    return Files.readAllBytes(file);
  }

  private static void add(SafetensorsWriter writer, String key, long rows, long columns) {
    writer.add(key, List.of(rows, columns), ones((int) (rows * columns)));
  }

  private static float[] ones(int length) {
    float[] values = new float[length];
    Arrays.fill(values, 1);
    return values;
  }

  /** Empty for a file that is refused. */
  private static Optional<Integer> modules(Path file, Supplier<Integer> reading) {
    try {
      return Optional.of(reading.get());
    } catch (AdapterException refusal) {
      assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
      return Optional.empty();
    }
  }
}
