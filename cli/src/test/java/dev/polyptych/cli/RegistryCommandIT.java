package dev.polyptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.embedded.EmbeddedCluster;
import dev.polyptych.engine.Eventually;
import dev.polyptych.engine.tiny.TinyModels;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.job.Receipt.AdapterFile;
import dev.polyptych.schema.json.Json;
import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a LoRA file to a job that draws with it, as a user types it. */
class RegistryCommandIT {
  /** Width of tiny's attention. */
  private static final int WIDTH = 64;

  private static EmbeddedCluster cluster;

  private final TypedCommands typed = new TypedCommands(cluster);

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster = EmbeddedCluster.temporary(TinyModels.folder(), "tiny");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aFileBecomesAnAdapterThatAJobDrawsWith() throws Exception {
    Path file = adapter("ink");
    Path receipt = folder.resolve("receipt.json");

    typed.ok("adapter", "add", "ink", file.toString());
    typed.ok("adapter", "list");
    typed.ok(
        "render",
        "--task",
        "couple-profile",
        "--adapter",
        "couple-profile",
        "--adapter",
        "ink=0.5",
        "--out",
        folder.toString(),
        "--receipt",
        receipt.toString());

    assertTrue(typed.out().contains("ink@1  " + Sha256.of(file)), typed.out());
    List<AdapterFile> drawn =
        Json.mapper().readValue(Files.readAllBytes(receipt), Receipt.class).adapters();
    assertEquals(List.of("couple-profile", "ink@1"), drawn.stream().map(AdapterFile::id).toList());
    assertEquals(Sha256.of(file), drawn.getLast().digest());
    // A worker tells by its heartbeats what is warm.
    Eventually.until("ink is warm", () -> told("couple-profile+ink@1*", "workers"));
    assertEquals(0.5, drawn.getLast().scale());
  }

  @Test
  void whatAFileChangesOfTextEncodersIsLeftOutOnRequestOnly() throws IOException {
    String encoder = "text_encoder_3.encoder.block.0.layer.0.SelfAttention.q.lora_A.weight";
    Path file = folder.resolve("both.safetensors");
    pair(1).add(encoder, List.of(1L, 4L), new float[4]).write(file);

    assertEquals(1, typed.run("adapter", "add", "both", file.toString()));
    assertTrue(typed.err().contains("a text encoder that FLUX.1 does not have"), typed::err);
    typed.ok("adapter", "add", "both", file.toString(), "--without-text-encoders");

    assertTrue(typed.err().contains("tensors of text encoders left out: 1"), typed::err);
    assertTrue(typed.out().contains("both@1"), typed::out);
  }

  @Test
  void aFolderIsImportedAndARemovedAdapterIsUnknown() throws IOException {
    adapter("one");
    adapter("Two");

    typed.ok("adapter", "import", folder.toString());
    typed.ok("adapter", "remove", "two");
    int status = typed.run("render", "--adapter", "two", "--out", folder.toString());

    assertTrue(typed.out().contains("removed two@1"), typed.out());
    assertEquals(1, status);
    assertTrue(typed.err().contains("there is no adapter 'two'"), typed.err());
  }

  @Test
  void aTaskIsShownChangedAppliedAndRemoved() throws IOException {
    Path file = folder.resolve("task.yaml");

    typed.ok("task", "show", "couple-profile");
    String task = typed.out();
    Files.writeString(file, task.replace("id: \"couple-profile\"", "id: \"two-profiles\""));
    typed.ok("task", "apply", file.toString());
    typed.ok("task", "apply", file.toString());
    typed.ok("task", "list");
    typed.ok("task", "remove", "two-profiles");

    String printed = typed.out().substring(task.length());
    assertEquals(2, Stream.of(printed.split("applied two-profiles@1", -1)).count() - 1);
    assertTrue(printed.contains("removed two-profiles@1"), printed);
  }

  @Test
  void aBaseIsDeclared() throws IOException {
    Path file =
        Files.writeString(folder.resolve("base.yaml"), "id: house-base\nnote: ours alone\n");

    typed.ok("base", "apply", file.toString());
    typed.ok("base", "apply", "nano");
    typed.ok("base", "list");
    typed.ok("base", "remove", "nano");

    assertTrue(typed.out().contains("applied house-base@1"), typed.out());
    assertTrue(typed.out().contains("ours alone"), typed.out());
  }

  private boolean told(String text, String... arguments) {
    typed.ok(arguments);
    return typed.out().contains(text);
  }

  private Path adapter(String name) {
    Path file = folder.resolve(name + ".safetensors");
    pair(name.length() * 0.01f).write(file);
    return file;
  }

  private static SafetensorsWriter pair(float value) {
    float[] values = new float[4 * WIDTH];
    Arrays.fill(values, value);
    String layer = "transformer.transformer_blocks.0.attn.to_q.";
    return new SafetensorsWriter()
        .add(layer + "lora_A.weight", List.of(4L, (long) WIDTH), values)
        .add(layer + "lora_B.weight", List.of((long) WIDTH, 4L), values);
  }
}
