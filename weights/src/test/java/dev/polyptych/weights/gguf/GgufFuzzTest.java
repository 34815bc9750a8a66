package dev.polyptych.weights.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.polyptych.weights.safetensors.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file is read or refused, whatever its bytes are. To search: {@code JAZZER_FUZZ=1 mvn verify -pl
 * weights -am -Djazzer.hooks=true -Dtest=GgufFuzzTest#...}.
 */
class GgufFuzzTest {
  private static final Path FILE = Path.of("fuzzed.gguf");
  private static final int DATA = 1 << 20;

  @FuzzTest(maxDuration = "30s")
  void anyHeaderIsReadOrRefused(byte[] header) {
    try {
      long size = (long) header.length + DATA;
      GgufHeader read = GgufHeader.parse(FILE, ByteBuffer.wrap(header), size);
      assertTrue(
          read.tensors().values().stream()
              .allMatch(tensor -> read.dataStart() + tensor.entry().end() <= size));
    } catch (GgufException refusal) {
      checkRefusal(refusal, FILE);
    }
  }

  /** What is opened is decoded to as many values as its shape says. */
  @FuzzTest(maxDuration = "30s")
  void anyTensorsAreDecodedOrRefused(FuzzedDataProvider data) throws IOException {
    byte[] header = header(data);
    Path path = Files.createTempFile("fuzzed", ".gguf");
    try {
      Files.write(path, GgufBytes.join(header, data.consumeRemainingAsBytes()));
      try (GgufFile file = GgufFile.open(path)) {
        for (String name : file.names()) {
          TensorEntry entry = file.entry(name);
          long values = entry.shape().stream().reduce(1L, (a, b) -> a * b);
          assertEquals(values, file.floats(name).length);
          assertEquals(entry.length(), file.storedBytes(name, values));
        }
      } catch (GgufException refusal) {
        checkRefusal(refusal, path);
      }
    } finally {
      Files.delete(path);
    }
  }

  private static byte[] header(FuzzedDataProvider data) {
    GgufBytes written = new GgufBytes().version(data.consumeInt(1, 4));
    int entries = data.consumeInt(0, 3);
    for (int i = 0; i < entries; i++) {
      String key = data.consumeBoolean() ? "general.alignment" : data.consumeAsciiString(8);
      written.entry(key, data.consumeInt(0, 13), data.consumeBytes(24));
    }
    int tensors = data.consumeInt(0, 4);
    long reached = 0;
    for (int i = 0; i < tensors; i++) {
      GgufType type = data.pickValue(GgufType.values());
      long columns = data.consumeInt(1, 3) * (long) type.blockValues();
      long rows = data.consumeInt(1, 3);
      int number = data.consumeInt(0, 8) == 0 ? data.consumeInt() : (int) type.number();
      long at = data.consumeInt(0, 8) == 0 ? data.consumeLong() : reached;
      written.tensor(data.consumeAsciiString(6), number, at, columns, rows);
      reached = (reached + type.bytes(columns * rows) + 31) / 32 * 32;
    }
    return data.consumeInt(0, 8) == 0
        ? written.header(data.consumeLong(), data.consumeLong())
        : written.header();
  }

  private static void checkRefusal(GgufException refusal, Path file) {
    List<String> halves = List.of(refusal.getMessage().split("; ", -1));
    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    assertTrue(halves.size() > 1, refusal.getMessage());
  }
}
