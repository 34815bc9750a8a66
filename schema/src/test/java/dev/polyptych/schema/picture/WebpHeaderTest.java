package dev.polyptych.schema.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beginnings of files, written out from RFC 9649. */
class WebpHeaderTest {
  private static final String RIFF = "524946460000000057454250";
  private static final String LOSSY = RIFF + "5650382000000000" + "3001009d012a" + "2c01c800";
  private static final String LOSSLESS = RIFF + "5650384c00000000" + "2f" + "2bc13100";
  private static final String EXTENDED = RIFF + "565038580a000000" + "00000000" + "2b0100c70000";
  private static final String ANIMATED = RIFF + "565038580a000000" + "02000000" + "2b0100c70000";

  @ParameterizedTest
  @CsvSource({LOSSY + ", false", LOSSLESS + ", false", EXTENDED + ", false", ANIMATED + ", true"})
  void sizeAndAnimationAreReadFromTheFirstChunk(String file, boolean animated) {
    byte[] bytes = HexFormat.of().parseHex(file);

    assertEquals(Optional.of(PictureFormat.WEBP), PictureFormat.of(bytes));
    PictureHeader header = PictureHeader.read(PictureFormat.WEBP, bytes);
    assertEquals(new PictureHeader(300, 200, 0, 1, animated), header);
  }

  @ParameterizedTest
  @CsvSource({LOSSY, LOSSLESS, EXTENDED})
  void aFileThatIsCutOffHasNoSize(String file) {
    byte[] bytes = HexFormat.of().parseHex(file);

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertEquals(0, PictureHeader.read(PictureFormat.WEBP, cut).width(), "of " + length);
    }
  }

  @Property
  void anyBytesAreReadOrPassedOver(@ForAll byte[] bytes) {
    assertEquals(1, PictureHeader.read(PictureFormat.WEBP, bytes).orientation());
  }
}
