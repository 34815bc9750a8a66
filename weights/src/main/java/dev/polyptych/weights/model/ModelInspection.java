package dev.polyptych.weights.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a path holds of a model, and all that is wrong with it. Reads headers only.
 *
 * @param model empty if the configuration or a network is missing or wrong
 * @param problems sentences that name the file and the remedy; none if the model can be loaded
 */
public record ModelInspection(
    List<Found> found,
    Optional<ModelFolder> model,
    Optional<Path> tokenizers,
    List<String> problems) {
  public ModelInspection {
    found = List.copyOf(found);
    problems = List.copyOf(problems);
  }

  /**
   * A network that was found.
   *
   * @param naming how its tensors are named
   * @param bytes in the file by the file's types; empty if its tensors can't be listed
   */
  public record Found(Network network, Path place, String naming, Map<String, Long> bytes) {
    /** Bytes in the file. */
    public long size() {
      return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Inspects a folder, a model file, a safetensors or a GGUF file. */
  public static ModelInspection of(Path path) {
    Work work = new Work();
    Optional<ModelFile> file = work.attempt(() -> ModelFile.read(path));
    Optional<ModelFolder> model = file.flatMap(named -> work.attempt(() -> ModelFolder.open(path)));
    file.ifPresent(named -> work.look(named, model));
    return new ModelInspection(
        work.found, model, file.flatMap(ModelFile::tokenizers), work.problems);
  }

  private static final class Work {
    private final List<Found> found = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private interface Reading<T> {
      T read();
    }

    private <T> Optional<T> attempt(Reading<T> reading) {
      try {
        return Optional.of(reading.read());
      } catch (ModelFolderException wrong) {
        if (!problems.contains(wrong.getMessage())) {
          problems.add(wrong.getMessage());
        }
        return Optional.empty();
      }
    }

    private void look(ModelFile file, Optional<ModelFolder> model) {
      for (Network network : Network.values()) {
        Optional<Path> place = attempt(() -> file.weights(network));
        place.ifPresent(path -> attempt(() -> found.add(found(path, network, model))));
      }
    }

    private Found found(Path path, Network network, Optional<ModelFolder> model) {
      try (PartWeights weights = PartWeights.open(path, network)) {
        Optional<TensorShapes> shapes =
            model
                .map(known -> known.tensors(network))
                .or(() -> attempt(() -> shapes(weights, network)));
        Map<String, Long> bytes =
            shapes.flatMap(known -> attempt(() -> weights.bytes(known))).orElse(Map.of());
        return new Found(network, path, weights.naming(), bytes);
      }
    }

    private static TensorShapes shapes(PartWeights weights, Network network) {
      return switch (network) {
        case TRANSFORMER -> FileGeometry.transformer(weights).tensors();
        case CLIP -> FileGeometry.clip(weights).tensors();
        case T5 -> FileGeometry.t5(weights).tensors();
        case VAE -> FileGeometry.autoencoder(weights).tensors();
      };
    }
  }
}
