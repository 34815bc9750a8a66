package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.json.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user types it, in this JVM: real broker, real Redis, the built-in model. */
class CommandIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void drawWithTheTinyModel() {
    TinyModels.makeBuiltIn();
  }

  @Test
  void demoWritesThreePanelsAndTheSheetOfTheStoryboard() throws IOException {
    int status = polyptych("demo", "--out", folder.toString());

    assertEquals(0, status, err.toString());
    for (int panel = 1; panel <= 3; panel++) {
      assertSize(128, 64, "panel-" + panel + ".png");
    }
    assertSize(128, 192, "sheet.png");
    assertTrue(out.toString().contains("ready in"), out.toString());
  }

  @Test
  void aRehearsalDrawsASet() {
    assertEquals(0, polyptych("rehearse"), err.toString());

    assertTrue(out.toString().contains("panel-3.png"), out.toString());
  }

  @Test
  void renderWritesDownWhatTheSetWasDrawnWith() throws IOException {
    Path file = folder.resolve("receipt.json");
    String[] render = {
      "render", "--task", "couple-profile", "--out", folder.toString(), "--receipt", file.toString()
    };

    assertEquals(0, polyptych(render), err.toString());

    Receipt receipt = Json.mapper().readValue(Files.readAllBytes(file), Receipt.class);
    assertEquals("couple-profile", receipt.request().task());
    assertEquals("tiny", receipt.model().name());
  }

  @Test
  void renderNamesTheFieldAndTheRemedyWhenTheJobIsWrong() throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.json"),
            "{\"task\":\"film-storybord\",\"prompt\":\"a fox\",\"panels\":[\"one\"]}");

    int status = polyptych("engine", "--job", job.toString(), "--out", folder.toString());

    assertEquals(1, status);
    assertTrue(err.toString().contains("did you mean 'film-storyboard'"), err.toString());
  }

  @Test
  void engineDrawsTheSamePictureFromTheSameLatents() throws IOException {
    String first = folder.resolve("first").toString();
    String second = folder.resolve("second").toString();
    String latents = folder.resolve("latents.safetensors").toString();
    assertEquals(
        0, polyptych("engine", "--steps", "4", "--dump", latents, "--out", first), err.toString());

    String[] again = {"engine", "--steps", "4", "--seed", "0", "--out", second};
    assertEquals(0, polyptych(again), err.toString());

    assertTrue(Files.size(Path.of(latents)) > 0);
    assertEquals(-1L, Files.mismatch(Path.of(first, "sheet.png"), Path.of(second, "sheet.png")));
  }

  @Test
  void engineKeepsAReferencePixelForPixelAndDrawsTheOthers() throws IOException {
    Path cat = folder.resolve("cat.png");
    BufferedImage picture = new BufferedImage(128, 64, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(5, 6, 0x123456);
    ImageIO.write(picture, "png", cat.toFile());
    String out = folder.resolve("kept").toString();

    String[] engine = {
      "engine", "--steps", "3", "--reference", "2=" + cat, "--previews", "--out", out
    };
    assertEquals(0, polyptych(engine), err.toString());

    BufferedImage kept = ImageIO.read(Path.of(out, "panel-2.png").toFile());
    assertEquals(0x123456, kept.getRGB(5, 6) & 0xFFFFFF);
    assertEquals(0, kept.getRGB(6, 6) & 0xFFFFFF);
    assertTrue(Files.size(Path.of(out, "preview-03.jpeg")) <= 8192);
  }

  @Test
  void engineUsesAReferenceAsTheTaskDoesUnlessTold() throws IOException {
    Path cat = folder.resolve("cat.png");
    ImageIO.write(new BufferedImage(128, 64, BufferedImage.TYPE_INT_RGB), "png", cat.toFile());
    Path catalog = folder.resolve("clean.yaml");
    try (InputStream tiny = Catalog.class.getResourceAsStream("tiny.yaml")) {
      String text = new String(tiny.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(catalog, text.replace("defaults: {", "defaults: {reference: clean, "));
    }
    String drawn = sheetAround(cat, "tiny");

    String clean = sheetAround(cat, catalog.toString());

    assertEquals(sheetAround(cat, "tiny", "--reference-method", "clean"), clean);
    assertEquals(sheetAround(cat, catalog.toString(), "--reference-method", "sdedit"), drawn);
    assertNotEquals(drawn, clean);
  }

  /** The sheet's bytes in base 64. */
  private String sheetAround(Path picture, String catalog, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("engine", "--steps", "3", "--catalog", catalog));
    arguments.addAll(List.of("--reference", "2=" + picture, "--out", folder.toString()));
    arguments.addAll(List.of(more));
    assertEquals(0, polyptych(arguments.toArray(String[]::new)), err.toString());
    return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("sheet.png")));
  }

  @Test
  void engineNamesTheFileThatIsNoPicture() throws IOException {
    Path text = Files.writeString(folder.resolve("cat.png"), "meow");

    assertEquals(1, polyptych("engine", "--reference", "1=" + text, "--out", folder.toString()));

    assertTrue(err.toString().contains("cat.png is no PNG, JPEG, WebP or GIF"), err.toString());
  }

  @Test
  void dryRunTellsTheSizesOfFluxDevAndOfItsTenTasks() {
    assertEquals(0, polyptych("engine", "--dry-run", "--list-tensors"), err.toString());

    String told = out.toString();
    assertTrue(told.contains("11901408320"), told);
    assertTrue(told.contains("transformer/x_embedder.weight [3072, 64]"), told);
    assertTrue(told.contains("visual-identity-design"), told);
    assertTrue(told.contains("1472x1024"), told);
  }

  @Test
  void aWrongSettingIsToldByItsKeyAndEndsWithTheUsageStatus() {
    int status = polyptych("dispatcher", "--set", "prot=8080");

    assertEquals(2, status);
    assertTrue(err.toString().contains("did you mean 'port'"), err.toString());
  }

  @Test
  void whatCannotBeWrittenIsToldBeforeAnythingIsDrawn() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    String below = file.resolve("images").toString();

    assertEquals(1, polyptych("demo", "--out", below));
    assertEquals(1, polyptych("render", "--out", below));
    assertEquals(1, polyptych("engine", "--out", below));

    assertEquals(
        3, err.toString().split("--out: can't write the folder").length - 1, err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void aReceiptWithoutItsFolderIsToldBeforeAnythingIsDrawn() {
    String receipt = folder.resolve("nowhere/receipt.json").toString();

    int status = polyptych("render", "--out", folder.toString(), "--receipt", receipt);

    assertEquals(1, status);
    assertTrue(err.toString().contains("--receipt: there is no folder"), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void anUnknownTaskIsToldBeforeAClusterIsStarted() {
    int status = polyptych("render", "--task", "film-storybord", "--out", folder.toString());

    assertEquals(1, status);
    assertTrue(err.toString().contains("did you mean 'film-storyboard'"), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void aPortThatIsTakenIsToldBeforeAnythingStarts() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "port=" + taken.getLocalPort();
      String data = folder.resolve("data").toString();

      int status = polyptych("up", "--data", data, "--set", port, "--set", "managementPort=0");

      assertEquals(1, status);
      assertTrue(err.toString().contains("--set port="), err::toString);
      assertFalse(Files.exists(Path.of(data, "kafka")));
    }
  }

  @Test
  void aDataFolderThatCannotBeMadeIsToldWithTheRemedy() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    String[] up = {
      "up",
      "--data",
      file.resolve("data").toString(),
      "--set",
      "port=0",
      "--set",
      "managementPort=0"
    };

    assertEquals(1, polyptych(up));

    assertTrue(err.toString().contains("can't write the data folder"), err::toString);
    assertTrue(err.toString().contains("--data"), err::toString);
  }

  @Test
  void aSettingOfNeitherProcessIsToldWithTheNearest() {
    assertEquals(2, polyptych("up", "--set", "prot=1", "--data", folder.toString()));

    assertTrue(err.toString().contains("did you mean 'port'"), err::toString);
  }

  @Test
  void anUnknownCatalogIsToldWithThoseThereAre() {
    assertEquals(2, polyptych("engine", "--catalog", "nanoo", "--out", folder.toString()));

    assertTrue(
        err.toString().contains("nano, tiny, flux.1-dev and flux.1-fill-dev are built in"),
        err::toString);
  }

  private int polyptych(String... arguments) {
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private void assertSize(int width, int height, String file) throws IOException {
    BufferedImage image = ImageIO.read(folder.resolve(file).toFile());
    assertEquals(width + "x" + height, image.getWidth() + "x" + image.getHeight(), file);
  }
}
