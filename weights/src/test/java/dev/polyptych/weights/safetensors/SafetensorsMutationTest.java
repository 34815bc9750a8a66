package dev.polyptych.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SafetensorsMutationTest {
  @Property(tries = 500)
  void aDamagedFileIsReadOrRefusedButNothingElse(
      @ForAll @IntRange(max = 300) int place,
      @ForAll byte value,
      @ForAll @IntRange(max = 60) int cut)
      throws IOException {
    Path path = damaged(place, value, cut);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      file.names()
          .forEach(name -> assertEquals(file.entry(name).length(), file.bytes(name).capacity()));
    } catch (SafetensorsException e) {
      assertTrue(e.getMessage().startsWith(path.toString()));
    } finally {
      Files.delete(path);
    }
  }

  private static Path damaged(int place, byte value, int cut) throws IOException {
    Path path = Files.createTempFile("damaged", ".safetensors");
    new SafetensorsWriter()
        .add("first", List.of(2L, 2L), new float[4])
        .addHalf("second", List.of(3L), new float[3])
        .write(path);
    byte[] bytes = Files.readAllBytes(path);
    bytes[place % bytes.length] = value;
    return Files.write(path, Arrays.copyOf(bytes, bytes.length - cut % bytes.length));
  }
}
