package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.json.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a picture on disk to a set around it, by each of the three ways, on a tiny Fill. */
class ReferenceCommandIT {
  @TempDir private static Path shared;
  private static EmbeddedCluster cluster;

  private final TypedCommands typed = new TypedCommands(cluster);

  @TempDir private Path folder;
  private Path cat;

  @BeforeAll
  static void start() throws Exception {
    Path model = shared.resolve("model");
    TinyModel.write(model, TinyModel.FILL, List.of("couple-profile"));
    Path catalog = shared.resolve("catalog.yaml");
    try (InputStream tiny = Catalog.class.getResourceAsStream("tiny.yaml")) {
      String text = new String(tiny.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          catalog, text.replace("model: tiny\n", "model: tiny-fill\ncondition: true\n"));
    }
    cluster = EmbeddedCluster.temporary(model, catalog.toString());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void draw() throws IOException {
    cat = folder.resolve("cat.png");
    BufferedImage picture = new BufferedImage(128, 128, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(5, 6, 0x123456);
    ImageIO.write(picture, "png", cat.toFile());
  }

  @Test
  void eachWayKeepsTheReferenceAndDrawsAnotherPanelBesideIt() throws IOException {
    Set<String> beside = new HashSet<>();
    for (String way : List.of("sdedit", "clean", "condition")) {
      beside.add(panelBeside(cat, way, "--reference-method", way));
    }
    assertEquals(3, beside.size());
  }

  @Test
  void aBaseThatConditionsDoesSoUnlessTold() throws IOException {
    String told = panelBeside(cat, "condition", "--reference-method", "condition");

    assertEquals(told, panelBeside(cat, "condition"));
    assertNotEquals(told, panelBeside(cat, "sdedit", "--reference-method", "sdedit"));
  }

  @Test
  void aFileThatIsNoPictureIsToldBeforeTheJobIsSubmitted() throws IOException {
    Path text = Files.writeString(folder.resolve("cat.txt"), "a cat");

    assertEquals(1, typed.run("render", "--reference", "2=" + text, "--out", folder.toString()));

    assertTrue(typed.err().contains("cat.txt is no PNG, JPEG or WebP; convert it to one"));
  }

  @Test
  void aPanelThatTheTaskLacksIsToldByItsField() {
    int status = typed.run("render", "--reference", "7=" + cat, "--out", folder.toString());

    assertEquals(1, status);
    assertTrue(typed.err().contains("references[0].panel"), typed.err());
  }

  /** Panel 1 in base 64; panel 2 is the picture. */
  private String panelBeside(Path picture, String way, String... more) throws IOException {
    Path receipt = folder.resolve("receipt.json");
    List<String> arguments =
        new ArrayList<>(
            List.of("render", "--task", "couple-profile", "--steps", "3", "--seed", "5"));
    arguments.addAll(List.of("--reference", "2=" + picture, "--out", folder.toString()));
    arguments.addAll(List.of("--receipt", receipt.toString()));
    arguments.addAll(List.of(more));
    assertEquals(0, typed.run(arguments.toArray(String[]::new)), typed::err);
    BufferedImage kept = ImageIO.read(folder.resolve("panel-2.png").toFile());
    assertEquals(0x123456, kept.getRGB(5, 6) & 0xFFFFFF);
    assertEquals(0, kept.getRGB(6, 6) & 0xFFFFFF);
    assertEquals(
        way, Json.mapper().readTree(receipt.toFile()).at("/request/reference").textValue());
    return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("panel-1.png")));
  }
}
