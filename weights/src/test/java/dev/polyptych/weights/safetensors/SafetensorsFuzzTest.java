package dev.polyptych.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;

/**
 * A header is read or refused, whatever its bytes are. To search: {@code JAZZER_FUZZ=1 mvn verify
 * -pl weights -am -Djazzer.hooks=true -Dtest=SafetensorsFuzzTest}.
 */
class SafetensorsFuzzTest {
  private static final Path FILE = Path.of("fuzzed.safetensors");
  private static final int DATA = 1 << 20;

  @FuzzTest(maxDuration = "30s")
  void anyHeaderIsReadOrRefused(byte[] header) {
    try {
      SafetensorsHeader read = SafetensorsHeader.parse(FILE, header, DATA);
      assertTrue(read.tensors().values().stream().allMatch(entry -> entry.end() <= DATA));
    } catch (SafetensorsException refusal) {
      assertTrue(refusal.getMessage().startsWith(FILE.toString()), refusal.getMessage());
    }
  }
}
