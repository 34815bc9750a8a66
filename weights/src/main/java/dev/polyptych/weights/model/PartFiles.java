package dev.polyptych.weights.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.weights.gguf.GgufException;
import dev.polyptych.weights.gguf.GgufFile;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Open safetensors or GGUF files that hold one or more networks: a single file, or the shards that
 * an index in a folder names.
 */
final class PartFiles implements AutoCloseable {
  static final String REMEDY = "download this part of the model again";
  private static final String ENDING = ".safetensors";

  /** The full weights first; published variants otherwise. */
  private static final List<String> VARIANTS = List.of("", ".fp16", ".bf16", ".fp8");

  private final Path path;
  private final Map<String, TensorFile> files = new TreeMap<>();
  private final Map<String, TensorFile> fileOfTensor = new LinkedHashMap<>();

  private PartFiles(Path path) {
    this.path = path;
  }

  /**
   * Opens a file, or the files of a folder in diffusers layout.
   *
   * @param stem file name in the folder without variant and ending, as diffusers and transformers
   *     write it
   * @throws ModelFolderException if a file is missing, truncated or of another kind
   */
  static PartFiles open(Path path, String stem) {
    PartFiles part = new PartFiles(path);
    try {
      if (Files.isRegularFile(path)) {
        part.openWhole(path);
      } else {
        part.openFolder(stem);
      }
      return part;
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
  }

  private void openFolder(String stem) {
    for (String variant : VARIANTS) {
      Path index = path.resolve(stem + ENDING + ".index" + variant + ".json");
      Path whole = path.resolve(stem + variant + ENDING);
      if (Files.exists(index)) {
        openShards(ConfigFile.read(index));
        return;
      }
      if (Files.exists(whole)) {
        openWhole(whole);
        return;
      }
    }
    throw new ModelFolderException(path.resolve(stem + ENDING), "is missing", REMEDY);
  }

  private void openWhole(Path file) {
    TensorFile whole = file(file);
    whole.names().forEach(name -> fileOfTensor.put(name, whole));
  }

  private void openShards(ConfigFile index) {
    JsonNode names = index.root().path("weight_map");
    if (!names.isObject() || names.isEmpty()) {
      throw new ModelFolderException(index.path(), "has no weight_map", REMEDY);
    }
    for (Map.Entry<String, JsonNode> name : names.properties()) {
      String shard = name.getValue().asText();
      if (!shard.matches("[\\w.-]+\\.safetensors")) {
        throw new ModelFolderException(
            index.path(), "names the file '" + shard + "' outside its folder", REMEDY);
      }
      TensorFile file = file(path.resolve(shard));
      if (!file.names().contains(name.getKey())) {
        throw new ModelFolderException(
            file.path(), "lacks tensor '" + name.getKey() + "' that the index puts there", REMEDY);
      }
      fileOfTensor.put(name.getKey(), file);
    }
  }

  private TensorFile file(Path file) {
    String name = file.getFileName().toString();
    if (files.containsKey(name)) {
      return files.get(name);
    }
    if (!Files.isRegularFile(file)) {
      throw new ModelFolderException(file, "is missing", REMEDY);
    }
    ForeignFile.refuse(file);
    try {
      TensorFile opened = ForeignFile.gguf(file) ? GgufFile.open(file) : SafetensorsFile.open(file);
      files.put(name, opened);
      return opened;
    } catch (SafetensorsException e) {
      throw new ModelFolderException(e.getMessage() + "; " + REMEDY, e);
    } catch (GgufException e) {
      throw new ModelFolderException(e.getMessage(), e);
    }
  }

  /** The file or the folder. */
  Path path() {
    return path;
  }

  /** Names of the files, sorted. */
  Set<String> fileNames() {
    return files.keySet();
  }

  /** Keys of all tensors. */
  Set<String> keys() {
    return fileOfTensor.keySet();
  }

  boolean has(String key) {
    return fileOfTensor.containsKey(key);
  }

  /** The file of a tensor that is there. */
  TensorFile of(String key) {
    return fileOfTensor.get(key);
  }

  /** All files. */
  Iterable<TensorFile> all() {
    return files.values();
  }

  @Override
  public void close() {
    files.values().forEach(TensorFile::close);
  }
}
