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
import java.io.PrintWriter;
import java.io.StringWriter;
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

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

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

    ok("adapter", "add", "ink", file.toString());
    ok("adapter", "list");
    ok(
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

    assertTrue(out.toString().contains("ink@1  " + Sha256.of(file)), out.toString());
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

    assertEquals(1, run("adapter", "add", "both", file.toString()));
    assertTrue(err.toString().contains("a text encoder that FLUX.1 does not have"), err::toString);
    ok("adapter", "add", "both", file.toString(), "--without-text-encoders");

    assertTrue(err.toString().contains("tensors of text encoders left out: 1"), err::toString);
    assertTrue(out.toString().contains("both@1"), out::toString);
  }

  @Test
  void aFolderIsImportedAndARemovedAdapterIsUnknown() throws IOException {
    adapter("one");
    adapter("Two");

    ok("adapter", "import", folder.toString());
    ok("adapter", "remove", "two");
    int status = run("render", "--adapter", "two", "--out", folder.toString());

    assertTrue(out.toString().contains("removed two@1"), out.toString());
    assertEquals(1, status);
    assertTrue(err.toString().contains("there is no adapter 'two'"), err.toString());
  }

  @Test
  void aTaskIsShownChangedAppliedAndRemoved() throws IOException {
    Path file = folder.resolve("task.yaml");

    ok("task", "show", "couple-profile");
    String task = out.toString();
    Files.writeString(file, task.replace("id: \"couple-profile\"", "id: \"two-profiles\""));
    ok("task", "apply", file.toString());
    ok("task", "apply", file.toString());
    ok("task", "list");
    ok("task", "remove", "two-profiles");

    String printed = out.toString().substring(task.length());
    assertEquals(2, Stream.of(printed.split("applied two-profiles@1", -1)).count() - 1);
    assertTrue(printed.contains("removed two-profiles@1"), printed);
  }

  @Test
  void aBaseIsDeclared() throws IOException {
    Path file =
        Files.writeString(folder.resolve("base.yaml"), "id: house-base\nnote: ours alone\n");

    ok("base", "apply", file.toString());
    ok("base", "apply", "nano");
    ok("base", "list");
    ok("base", "remove", "nano");

    assertTrue(out.toString().contains("applied house-base@1"), out.toString());
    assertTrue(out.toString().contains("ours alone"), out.toString());
  }

  private boolean told(String text, String... arguments) {
    ok(arguments);
    return out.toString().contains(text);
  }

  private void ok(String... arguments) {
    assertEquals(0, run(arguments), err::toString);
  }

  private int run(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--dispatcher";
    all[arguments.length + 1] = cluster.dispatcher().toString();
    return Polyptych.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
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
