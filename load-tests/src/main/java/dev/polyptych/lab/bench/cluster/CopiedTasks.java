package dev.polyptych.lab.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.lab.simulator.Replay;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model folder with more tasks: repeated copies of the shipped ones. Each task has its own
 * adapter file. It differs from the original in one line of metadata, so that the two have
 * different hashes.
 */
final class CopiedTasks {
  private static final String ADAPTERS = "adapters";
  private static final String SUFFIX = ".safetensors";
  private static final int ALIGNMENT = 8;

  private static final TypeReference<List<ObjectNode>> LIST = new TypeReference<>() {};

  private final Path folder;

  private CopiedTasks(Path folder) {
    this.folder = folder;
  }

  /**
   * @param model folder whose files are linked
   * @param catalog name of the model's built-in catalog
   */
  static CopiedTasks make(Path model, String catalog, int tasks, Path folder) throws IOException {
    Files.createDirectories(folder.resolve("model").resolve(ADAPTERS));
    CopiedTasks copies = new CopiedTasks(folder);
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(one -> !one.endsWith(ADAPTERS)).toList()) {
        Files.createSymbolicLink(
            copies.model().resolve(file.getFileName()), file.toAbsolutePath().normalize());
      }
    }
    copies.write(model, catalog, tasks);
    return copies;
  }

  Path model() {
    return folder.resolve("model");
  }

  Path catalog() {
    return folder.resolve("catalog.yaml");
  }

  private void write(Path model, String name, int tasks) throws IOException {
    ObjectNode catalog = original(name);
    List<ObjectNode> originals = Json.mapper().convertValue(catalog.get("tasks"), LIST);
    ArrayNode copies = catalog.putArray("tasks");
    for (int number = 0; number < tasks; number++) {
      ObjectNode task = originals.get(number % originals.size()).deepCopy();
      String original = task.get("adapter").textValue();
      String copy = Replay.adapter(number);
      copies.add(task.put("id", copy).put("adapter", copy));
      copyAdapter(model.resolve(ADAPTERS).resolve(original + SUFFIX), copy);
    }
    // JSON is YAML.
    Files.write(catalog(), Json.bytes(catalog));
  }

  private static ObjectNode original(String name) throws IOException {
    try (InputStream yaml = CatalogFile.class.getResourceAsStream(name + ".yaml")) {
      return (ObjectNode) new YAMLMapper().readTree(yaml);
    }
  }

  /** Copies the tensors and changes the header. */
  private void copyAdapter(Path original, String copy) throws IOException {
    byte[] bytes = Files.readAllBytes(original);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = Math.toIntExact(file.getLong(0));
    ObjectNode header =
        (ObjectNode) Json.mapper().readTree(Arrays.copyOfRange(bytes, 8, 8 + length));
    header.withObjectProperty("__metadata__").put("polyptych.copy", copy);
    String text = header.toString();
    text += " ".repeat(Math.floorMod(-text.getBytes(UTF_8).length, ALIGNMENT));
    byte[] written = text.getBytes(UTF_8);
    ByteBuffer copied =
        ByteBuffer.allocate(8 + written.length + bytes.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    copied.putLong(written.length).put(written);
    copied.put(bytes, 8 + length, bytes.length - 8 - length);
    Files.write(model().resolve(ADAPTERS).resolve(copy + SUFFIX), copied.array());
  }
}
