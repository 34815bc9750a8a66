package dev.polyptych.engine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.sheet.SheetPixels;
import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {
  /** Width and height in a PNG. */
  private static final int PNG_SIZE = 16;

  @TempDir Path folder;

  @Test
  void readsColoursAsTheyAre() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0A141E);
    image.setRGB(1, 0, 0xC8D2DC);

    assertPixels(read(image, "png"), 10, 20, 30, 200, 210, 220);
  }

  @Test
  void readsWebpAlmostAsItWas() throws IOException {
    BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 32 * 16; pixel++) {
      image.setRGB(pixel % 32, pixel / 32, 0x3C5A78);
    }
    byte[] file = bytes(image, "webp");

    SheetPixels read = PictureReader.read("cat", file);

    assertEquals("32 x 16", read.width() + " x " + read.height());
    for (int channel = 0; channel < 3; channel++) {
      int wanted = (0x3C5A78 >> (16 - 8 * channel)) & 255;
      assertTrue(Math.abs(wanted - (read.rgb()[channel] & 255)) <= 3, "channel " + channel);
    }
    assertRefused(
        write("cat.webp", Arrays.copyOf(file, file.length / 2)), "is cut off", "send the");
  }

  @Test
  void laysTransparencyOnWhite() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0xFF0A141E);
    image.setRGB(2, 0, 0x80000000);

    assertPixels(read(image, "png"), 255, 255, 255, 10, 20, 30, 127, 127, 127);
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void readsGreyOfEightAndSixteenBitsWithoutBrightening(int type) throws IOException {
    BufferedImage image = new BufferedImage(1, 1, type);
    int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
    image.getRaster().setSample(0, 0, 0, 60 * most / 255);

    assertPixels(read(image, "png"), 60, 60, 60);
  }

  @Test
  void readsSixteenBitsAChannelAsEight() throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 1, 1, 3, new Point());
    raster.setPixel(0, 0, new int[] {10 * 257, 20 * 257, 30 * 257});
    var model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, 1, DataBuffer.TYPE_USHORT);

    assertPixels(read(new BufferedImage(model, raster, false, null), "png"), 10, 20, 30);
  }

  @Test
  void readsAGifOfOneFrame() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(0, 0, 0xFFFF0000);

    assertPixels(read(image, "gif"), 255, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2x3, 0", "2, 2x3, 1", "3, 2x3, 5", "4, 2x3, 4",
    "5, 3x2, 0", "6, 3x2, 4", "7, 3x2, 5", "8, 3x2, 1"
  })
  void turnsAPictureUprightAsItsExifSays(int orientation, String size, int corner)
      throws IOException {
    // 2 wide, 3 high, numbered row by row; the corner is what must come to the upper left.
    BufferedImage image = new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 6; i++) {
      image.setRGB(i % 2, i / 2, 0x010101 * i);
    }
    byte[] exif = exif(orientation);
    Path file = write("turned.png", withChunk(bytes(image, "png"), "eXIf", exif));

    SheetPixels upright = PictureReader.read(file);

    assertEquals(size, upright.width() + "x" + upright.height());
    assertEquals(corner, upright.rgb()[0]);
  }

  @Test
  void findsTheOrientationInAJpegsApplicationSegment() throws IOException {
    byte[] jpeg = bytes(new BufferedImage(8, 16, BufferedImage.TYPE_INT_RGB), "jpeg");
    byte[] exif = exif(6);
    ByteBuffer segment = ByteBuffer.allocate(10 + exif.length);
    segment.putShort((short) 0xFFE1).putShort((short) (8 + exif.length));
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
    byte[] start = Arrays.copyOf(jpeg, 2);
    byte[] rest = Arrays.copyOfRange(jpeg, 2, jpeg.length);

    SheetPixels upright =
        PictureReader.read(write("turned.jpeg", joined(start, segment.array(), rest)));

    assertEquals("16x8", upright.width() + "x" + upright.height());
  }

  @Test
  void refusesTooManyPixelsBeforeDecodingAny() throws IOException {
    byte[] png = bytes(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
    ByteBuffer.wrap(png).putInt(PNG_SIZE, 40_000).putInt(PNG_SIZE + 4, 40_000);
    fixChecksum(png);

    assertRefused(write("huge.png", png), "has 40000 x 40000 pixels", "scale it down");
  }

  @Test
  void refusesAPictureThatIsTooLongForItsWidth() throws IOException {
    byte[] png = bytes(new BufferedImage(1, 300, BufferedImage.TYPE_INT_RGB), "png");

    assertRefused(write("long.png", png), "has 1 x 300 pixels", "cut out the part");
  }

  @Test
  void refusesAnAnimatedPng() throws IOException {
    byte[] png = bytes(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
    byte[] frames = ByteBuffer.allocate(8).putInt(2).array();

    assertRefused(
        write("moving.png", withChunk(png, "acTL", frames)), "is animated", "save one frame");
  }

  @Test
  void refusesAnAnimatedGif() throws IOException {
    Path file = folder.resolve("moving.gif");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ImageOutputStream output = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(output);
      writer.prepareWriteSequence(null);
      for (int i = 0; i < 2; i++) {
        BufferedImage frame = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED);
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    }

    assertRefused(file, "is animated", "save one frame");
  }

  @Test
  void refusesACmykJpeg() throws IOException {
    byte[] jpeg = {
      (byte) 0xFF,
      (byte) 0xD8,
      (byte) 0xFF,
      (byte) 0xC0,
      0,
      20,
      8,
      0,
      1,
      0,
      1,
      4,
      1,
      0x11,
      0,
      2,
      0x11,
      0,
      3,
      0x11,
      0,
      4,
      0x11,
      0
    };

    assertRefused(write("print.jpeg", jpeg), "is a CMYK JPEG", "convert it to RGB");
  }

  @Test
  void refusesAnotherFormatWhateverTheFileIsCalled() throws IOException {
    byte[] bitmap = bytes(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "bmp");

    assertRefused(write("cat.png", bitmap), "is no PNG, JPEG, WebP or GIF", "convert it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif"})
  void refusesATruncatedFile(String format) throws IOException {
    byte[] whole = bytes(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), format);

    for (int length : new int[] {9, 20, 30}) {
      Path file = write("cut." + format, Arrays.copyOf(whole, length));
      assertRefused(
          file, "", format.equals("png") && length == 30 ? "send the whole file" : "again");
    }
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertRefused(folder.resolve("none.png"), "can't be read", "check its path");
  }

  private void assertRefused(Path file, String problem, String remedy) {
    var refusal = assertThrows(PictureException.class, () -> PictureReader.read(file));

    assertTrue(refusal.getMessage().startsWith(file + " " + problem), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("; "), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(remedy), refusal.getMessage());
  }

  private static void assertPixels(SheetPixels picture, int... values) {
    byte[] expected = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      expected[i] = (byte) values[i];
    }
    assertArrayEquals(expected, picture.rgb());
  }

  private SheetPixels read(BufferedImage image, String format) throws IOException {
    return PictureReader.read(write("picture." + format, bytes(image, format)));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] bytes(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, bytes));
    return bytes.toByteArray();
  }

  /** Little-endian TIFF of one entry: the orientation. */
  private static byte[] exif(int orientation) {
    return new byte[] {
      'I',
      'I',
      42,
      0,
      8,
      0,
      0,
      0,
      1,
      0,
      0x12,
      1,
      3,
      0,
      1,
      0,
      0,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0,
      0
    };
  }

  /** The PNG with a chunk right behind its header. */
  private static byte[] withChunk(byte[] png, String name, byte[] data) {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(type);
    checksum.update(data);
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(type).put(data).putInt((int) checksum.getValue());
    int header = 33;
    return joined(
        Arrays.copyOf(png, header), chunk.array(), Arrays.copyOfRange(png, header, png.length));
  }

  private static void fixChecksum(byte[] png) {
    CRC32 checksum = new CRC32();
    checksum.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) checksum.getValue());
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }
}
