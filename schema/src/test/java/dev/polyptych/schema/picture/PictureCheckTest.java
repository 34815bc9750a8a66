package dev.polyptych.schema.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureCheckTest {
  private static final byte[] WEBP =
      Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void aWholePictureMayBeDecodedAndNoPartOfIt(String format) {
    byte[] whole = encoded(format);

    assertEquals("", flaw(whole));
    for (int length = 12; length < whole.length; length++) {
      assertTrue(!flaw(Arrays.copyOf(whole, length)).isEmpty(), format + " of " + length);
    }
  }

  @Test
  void aWholeWebpMayBeDecodedAndNoPartOfIt() {
    assertEquals("", flaw(WEBP));
    for (int length = 12; length < WEBP.length; length++) {
      assertTrue(!flaw(Arrays.copyOf(WEBP, length)).isEmpty(), "of " + length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16384 | 2048 | ",
        "256 | 1 | ",
        "1 | 256 | ",
        "16385 | 2000 | has 16385 x 2000 pixels, more than 16384 along an edge; scale it down",
        "33554432 | 1 | has 33554432 x 1 pixels, more than 16384 along an edge; scale it down",
        "1 | 12000000 | has 1 x 12000000 pixels, more than 16384 along an edge; scale it down",
        "16384 | 2049 | has 16384 x 2049 pixels, more than 32 million; scale it down",
        "257 | 1 | has 257 x 1 pixels, more than 256 times as long as wide; cut out the part to be seen"
      })
  void edgesPixelsAndAspectAreBounded(int width, int height, String flaw) {
    assertEquals(
        Optional.ofNullable(flaw).orElse(""),
        PictureCheck.size(width, height).map(PictureCheck.Flaw::text).orElse(""));
  }

  @ParameterizedTest
  @CsvSource({"2,0", "2,1", "6,0", "0,1", "4,1"})
  void aPngIsRefusedForARowTooFewAndNotForARowEnough(int colours, int interlaced) {
    int channels = colours == 2 ? 3 : colours == 6 ? 4 : colours == 4 ? 2 : 1;
    int bytes = interlaced == 0 ? 9 * (1 + 12 * channels) : adam7(12, 9, channels);

    assertEquals("", flaw(png(12, 9, 8, colours, interlaced, bytes)));
    assertEquals(
        "is broken: it has fewer pixels than its header says; save it again with an image editor",
        flaw(png(12, 9, 8, colours, interlaced, bytes - 1)));
  }

  @Test
  void aPngMayHaveSoManyBytesUnpackedAndNoMore() {
    // 4096 rows of 16383 bytes and a filter byte.
    assertEquals("", flaw(png(5461, 4096, 8, 2, 0, 4096 * (1 + 3 * 5461))));
    assertTrue(flaw(png(5462, 4096, 8, 2, 0, 1)).startsWith("has more than 64 MiB of pixels"));
    assertTrue(flaw(png(4096, 4096, 16, 6, 0, 1)).startsWith("has more than 64 MiB of pixels"));
  }

  @Test
  void aJpegIsRefusedForTooFewBitsForItsSize() {
    byte[] jpeg = encoded("jpeg");
    int frame = HexFormat.of().formatHex(jpeg).indexOf("ffc0") / 2;
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 2000).putShort(frame + 7, (short) 2000);

    assertTrue(flaw(jpeg).startsWith("is broken: it has fewer pixels"), flaw(jpeg));
  }

  @Test
  void aJpegIsRefusedForTooManyScans() {
    byte[] jpeg = encoded("jpeg");
    ByteArrayOutputStream scans = new ByteArrayOutputStream();
    scans.write(jpeg, 0, jpeg.length - 2);
    for (int i = 0; i < PictureCheck.MAX_SCANS; i++) {
      scans.writeBytes(HexFormat.of().parseHex("ffda0008010100000000"));
    }
    scans.writeBytes(HexFormat.of().parseHex("ffd9"));

    assertTrue(flaw(scans.toByteArray()).contains("too many frames or scans"));
  }

  @Test
  void aWebpWhoseChunksTellDifferentSizesIsRefused() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("RIFF0000WEBPVP8X".getBytes(ISO_8859_1));
    file.writeBytes(HexFormat.of().parseHex("0a000000" + "00000000" + "090000090000"));
    file.write(WEBP, 12, WEBP.length - 12);
    byte[] extended = file.toByteArray();
    extended[4] = (byte) (extended.length - 8);
    Arrays.fill(extended, 5, 8, (byte) 0);

    assertTrue(flaw(extended).contains("different sizes"), flaw(extended));
  }

  /** What passes is complete and within the bounds, and the check itself never fails. */
  @Property(tries = 3000)
  void mutatedPicturesAreWithinTheBoundsOrRefused(
      @ForAll @IntRange(max = 2) int format,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int mutations,
      @ForAll boolean cut)
      throws IOException {
    byte[] file =
        switch (format) {
          case 0 -> encoded("png");
          case 1 -> encoded("jpeg");
          default -> WEBP.clone();
        };
    Random random = new Random(seed);
    for (int i = 0; i < mutations; i++) {
      int reach = random.nextBoolean() ? file.length : Math.min(64, file.length);
      file[random.nextInt(reach)] = (byte) random.nextInt();
    }
    byte[] sent = cut ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
    Optional<PictureFormat> known = PictureFormat.of(sent).filter(it -> it != PictureFormat.GIF);
    if (known.isPresent() && flaw(sent).isEmpty()) {
      PictureHeader header = PictureHeader.read(known.get(), sent);
      assertTrue(
          header.width() <= PictureCheck.MAX_EDGE && header.height() <= PictureCheck.MAX_EDGE);
      assertTrue((long) header.width() * header.height() <= PictureCheck.MAX_PIXELS);
      sameSizeAsTheDecoders(known.get(), header, sent);
    }
  }

  /** Otherwise a decoder would not keep to the bounds of the check. */
  private static void sameSizeAsTheDecoders(PictureFormat format, PictureHeader header, byte[] file)
      throws IOException {
    if (format != PictureFormat.WEBP) {
      var reader = ImageIO.getImageReadersByFormatName(format.name()).next();
      reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(file)), false, true);
      try {
        assertEquals(header.width(), reader.getWidth(0));
        assertEquals(header.height(), reader.getHeight(0));
      } catch (IOException | RuntimeException refused) {
        // The decoder is stricter.
      } finally {
        reader.dispose();
      }
    }
  }

  private static String flaw(byte[] file) {
    PictureFormat format = PictureFormat.of(file).orElseThrow();
    return PictureCheck.flaw(format, PictureHeader.read(format, file), file)
        .map(PictureCheck.Flaw::text)
        .orElse("");
  }

  private static int adam7(int width, int height, int channels) {
    int[][] passes = {
      {0, 0, 8, 8},
      {4, 0, 8, 8},
      {0, 4, 4, 8},
      {2, 0, 4, 4},
      {0, 2, 2, 4},
      {1, 0, 2, 2},
      {0, 1, 1, 2}
    };
    int sum = 0;
    for (int y = 0; y < height; y++) {
      for (int[] pass : passes) {
        int pixels = 0;
        for (int x = 0; x < width; x++) {
          boolean mine =
              y % pass[3] == pass[1] % pass[3]
                  && y >= pass[1]
                  && x % pass[2] == pass[0] % pass[2]
                  && x >= pass[0];
          pixels += mine ? 1 : 0;
        }
        sum += pixels == 0 ? 0 : 1 + pixels * channels;
      }
    }
    return sum;
  }

  private static byte[] png(
      int width, int height, int depth, int colours, int interlaced, int unpacked) {
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[unpacked]);
    deflater.finish();
    byte[] packed = new byte[unpacked / 100 + 1000];
    int length = deflater.deflate(packed);
    deflater.end();
    ByteBuffer file = ByteBuffer.allocate(8 + 25 + 12 + length + 12);
    file.put("\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1));
    file.putInt(13).put("IHDR".getBytes(ISO_8859_1)).putInt(width).putInt(height);
    file.put((byte) depth).put((byte) colours).putShort((short) 0).put((byte) interlaced).putInt(0);
    file.putInt(length).put("IDAT".getBytes(ISO_8859_1)).put(packed, 0, length).putInt(0);
    file.putInt(0).put("IEND".getBytes(ISO_8859_1)).putInt(0);
    return file.array();
  }

  private static byte[] encoded(String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(12, 9, BufferedImage.TYPE_INT_RGB), format, bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
