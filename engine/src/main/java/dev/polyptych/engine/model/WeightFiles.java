package dev.polyptych.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.engine.graph.TensorLoader.Source;
import dev.polyptych.weights.model.ConfigFile;
import dev.polyptych.weights.model.ModelFolderException;
import dev.polyptych.weights.model.TensorShapes;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.TensorEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The weight files of one part of a model folder: one safetensors file, or several with an index
 * ({@code <stem>.safetensors.index.json}). Checks them against the part's configuration.
 */
public final class WeightFiles implements AutoCloseable {
  private static final String REMEDY = "download this part of the model again";

  private final Path folder;
  private final Map<String, SafetensorsFile> files = new HashMap<>();
  private final Map<String, SafetensorsFile> fileOfTensor = new HashMap<>();

  private WeightFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens the files of a part.
   *
   * @param stem file name without ending, as diffusers and transformers write it
   * @throws ModelFolderException if a file is missing, truncated or wrong
   */
  public static WeightFiles open(Path folder, String stem) {
    WeightFiles weights = new WeightFiles(folder);
    Path index = folder.resolve(stem + ".safetensors.index.json");
    try {
      if (Files.exists(index)) {
        weights.openShards(ConfigFile.read(index));
      } else {
        SafetensorsFile file = weights.file(stem + ".safetensors");
        file.names().forEach(name -> weights.fileOfTensor.put(name, file));
      }
      return weights;
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
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
      SafetensorsFile file = file(shard);
      if (!file.names().contains(name.getKey())) {
        throw new ModelFolderException(
            file.path(), "lacks tensor '" + name.getKey() + "' that the index puts there", REMEDY);
      }
      fileOfTensor.put(name.getKey(), file);
    }
  }

  private SafetensorsFile file(String name) {
    Path path = folder.resolve(name);
    if (!Files.isRegularFile(path)) {
      throw new ModelFolderException(path, "is missing", REMEDY);
    }
    try {
      return files.computeIfAbsent(name, key -> SafetensorsFile.open(path));
    } catch (SafetensorsException e) {
      throw new ModelFolderException(e.getMessage() + "; " + REMEDY, e);
    }
  }

  /**
   * The source of each tensor of a network. Ignores tensors that the network does not have.
   *
   * @param spellings the possible names of a tensor in files, the usual one first
   * @throws ModelFolderException if a tensor is missing, has another shape, or is not a float type
   */
  public Map<String, Source> sources(
      TensorShapes shapes, Function<String, List<String>> spellings) {
    Map<String, Source> sources = new LinkedHashMap<>();
    shapes
        .byName()
        .forEach((name, shape) -> sources.put(name, source(name, shape, spellings.apply(name))));
    return sources;
  }

  private Source source(String name, List<Long> shape, List<String> spellings) {
    for (String spelling : spellings) {
      SafetensorsFile file = fileOfTensor.get(spelling);
      if (file != null) {
        check(file, file.entry(spelling), shape);
        return new Source(file, spelling);
      }
    }
    throw new ModelFolderException(
        folder,
        "lacks tensor '" + name + "' (it holds " + new TreeSet<>(files.keySet()) + ")",
        REMEDY);
  }

  private static void check(SafetensorsFile file, TensorEntry entry, List<Long> shape) {
    String tensor = "has tensor '" + entry.name() + "' of ";
    if (!entry.shape().equals(shape)) {
      throw new ModelFolderException(
          file.path(),
          tensor + "shape " + entry.shape() + ", but config.json asks for " + shape,
          "use weights and configuration of the same model");
    }
    if (!entry.type().loadable()) {
      throw new ModelFolderException(
          file.path(), tensor + "type " + entry.type(), "use weights in F32, F16 or BF16");
    }
  }

  @Override
  public void close() {
    files.values().forEach(SafetensorsFile::close);
  }
}
