package dev.polyptych.weights.lora;

import dev.polyptych.weights.digest.Sha256;
import dev.polyptych.weights.lora.LayerNames.Target;
import dev.polyptych.weights.model.ModelFolder;
import dev.polyptych.weights.model.TransformerConfig;
import dev.polyptych.weights.safetensors.SafetensorsException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads adapters' files for one model into host memory: LoRA, DoRA, LoHa, LoKr, whole differences
 * and biases, in every layout that {@link KeyPart} and {@link LayerNames} know. It checks the whole
 * file first: keys, shapes, types, ranks and that all values are finite. Every key must belong to a
 * change, and every layer gets at most one: diffusers drops some keys instead and draws with less
 * than was trained. A file with any fault gives no adapter at all. Touches no device. Any thread
 * may use it.
 */
public final class AdapterReader {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** First opcode of every pickle since protocol 2. The protocol's number follows it. */
  private static final byte PICKLE = (byte) 0x80;

  private final LayerNames names;

  private final boolean textKnown;

  /** A reader for a model. */
  public AdapterReader(ModelFolder model) {
    this.names =
        new LayerNames(
            model.transformer(),
            Stream.concat(model.clip().linearLayers().stream(), model.t5().linearLayers().stream())
                .toList());
    this.textKnown = true;
  }

  /**
   * A reader for a model of which only the transformer is known. What changes a text encoder is
   * checked by its own shapes.
   */
  public AdapterReader(TransformerConfig transformer) {
    this.names = new LayerNames(transformer, List.of());
    this.textKnown = false;
  }

  /** Finds what a layer's name in a file stands for. */
  private interface Targets {
    /** Empty if the model has no such layer. */
    Optional<Target> of(String name, LayerTensors tensors);
  }

  /**
   * Reads a file.
   *
   * @throws AdapterException if the file is not safetensors, if one of its keys does not fit the
   *     model (the message names the first such key), or if it would change nothing
   */
  public HostAdapter read(Path path) {
    try {
      refusePickle(path);
      String digest = Sha256.of(path);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        List<HostChange> changes = new ArrayList<>();
        List<HostNorm> norms = new ArrayList<>();
        for (LayerKeys layer : layers(file, modelsTargets())) {
          changes.addAll(layer.changes(key -> Matrix.read(file, key)));
          layer.norm(key -> Matrix.read(file, key)).ifPresent(norms::add);
        }
        boolean idle =
            changes.stream().allMatch(HostChange::idle) && norms.stream().allMatch(HostNorm::idle);
        if (idle) {
          throw noEffect(path);
        }
        String name = path.getFileName().toString().replaceFirst("\\.safetensors$", "");
        return new HostAdapter(name, digest, changes, norms);
      }
    } catch (IOException e) {
      throw new AdapterException(path + ": can't be read: " + e, e);
    } catch (SafetensorsException e) {
      throw new AdapterException(e.getMessage(), e);
    }
  }

  /**
   * Checks a file as {@link #read} does, and keeps none of its matrices. A file of any size takes
   * little heap.
   *
   * @throws AdapterException as {@link #read} does
   */
  public AdapterFacts check(Path path) {
    return check(path, modelsTargets());
  }

  /**
   * Checks what can be checked of a file without its model: that its layout is known, its changes
   * are whole and of one rank each, its values are finite and it changes something.
   *
   * @throws AdapterException as {@link #read} does
   */
  public static AdapterFacts checkForAnyModel(Path path) {
    // Two names of one layer count as two layers.
    return check(path, (name, tensors) -> Optional.of(tensors.asShaped(name)));
  }

  private static AdapterFacts check(Path path, Targets targets) {
    try {
      refusePickle(path);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        int rank = 1;
        int modules = 0;
        boolean effect = false;
        for (LayerKeys layer : layers(file, targets)) {
          for (HostChange change : layer.changes(key -> Matrix.mapped(file, key))) {
            rank = Math.max(rank, change.rank());
            modules++;
            effect = effect || !change.idle();
          }
          Optional<HostNorm> norm = layer.norm(key -> Matrix.mapped(file, key));
          modules += norm.isPresent() ? 1 : 0;
          effect = effect || norm.stream().anyMatch(one -> !one.idle());
        }
        if (!effect) {
          throw noEffect(path);
        }
        return new AdapterFacts(Sha256.of(path), Files.size(path), rank, modules);
      }
    } catch (IOException e) {
      throw new AdapterException(path + ": can't be read: " + e, e);
    } catch (SafetensorsException e) {
      throw new AdapterException(e.getMessage(), e);
    }
  }

  private Targets modelsTargets() {
    return (name, tensors) ->
        LayerNames.ofText(name) && !textKnown
            ? Optional.of(tensors.asShaped(name))
            : names.target(name);
  }

  /** All layers and norms that a file changes, in the order of its header, each checked. */
  private static List<LayerKeys> layers(SafetensorsFile file, Targets targets) {
    Map<String, LayerTensors> named = named(file);
    PeftSettings settings = PeftSettings.of(file);
    PeftSettings clip = PeftSettings.ofClip(file);
    Map<String, String> claimant = new HashMap<>();
    Map<String, Target> known = new LinkedHashMap<>();
    named.forEach(
        (name, tensors) -> {
          Target target =
              targets
                  .of(name, tensors)
                  .orElseThrow(() -> tensors.first("names no linear layer of this model"));
          target
              .layers()
              .forEach(
                  layer -> {
                    String earlier = claimant.putIfAbsent(layer.module(), tensors.firstKey());
                    if (earlier != null) {
                      throw tensors.first("adds to the same layer as '" + earlier + "'");
                    }
                  });
          known.put(name, target);
        });
    List<LayerKeys> layers = new ArrayList<>();
    known.forEach(
        (name, target) ->
            layers.add(
                new LayerKeys(
                    named.get(name), name, target, LayerNames.ofText(name) ? clip : settings)));
    return layers;
  }

  /** The keys by the layers that they name. */
  private static Map<String, LayerTensors> named(SafetensorsFile file) {
    Map<String, LayerTensors> named = new LinkedHashMap<>();
    Optional<String> unknown = Optional.empty();
    for (String key : file.names()) {
      ForeignKeys.reason(key).ifPresent(reason -> refuse(file, key, reason));
      Optional<KeyPart.Named> known = KeyPart.of(key);
      if (known.isPresent()) {
        named
            .computeIfAbsent(known.get().layer(), name -> new LayerTensors(file))
            .add(known.get().part(), key);
      } else if (unknown.isEmpty()) {
        unknown = Optional.of(key);
      }
    }
    if (named.isEmpty()) {
      refuse(
          file,
          file.names().stream().findFirst().orElse("(none)"),
          "is of no LoRA layout known here (transformer.<module>.lora_A.weight and lora_B.weight,"
              + " kohya's, ComfyUI's, LyCORIS', XLabs' or fal's)");
    }
    unknown.ifPresent(key -> refuse(file, key, ForeignKeys.strangeness(key)));
    return named;
  }

  private static void refuse(SafetensorsFile file, String key, String reason) {
    throw new AdapterException(file.path(), "key '" + key + "' " + reason);
  }

  private static AdapterException noEffect(Path path) {
    return new AdapterException(
        path,
        "has no effect: alpha, all of A or all of B is 0 in every layer; tune it further, or"
            + " draw without an adapter");
  }

  /** PyTorch's {@code .bin} and {@code .pt} files are pickles. Reading one runs its program. */
  private static void refusePickle(Path path) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(path)) {
      start = in.readNBytes(Long.BYTES + 1);
    }
    boolean zip = Arrays.equals(Arrays.copyOf(start, ZIP.length), ZIP);
    // A safetensors header of 640 bytes starts with the same two bytes. Its ninth is a brace.
    boolean header = start.length > Long.BYTES && start[Long.BYTES] == '{';
    boolean pickle = start.length > 1 && start[0] == PICKLE && start[1] <= 5 && !header;
    if (zip || pickle) {
      throw new AdapterException(
          path,
          "is a pickle (PyTorch's .bin, .pt or .ckpt), which can run any program when it is read;"
              + " convert it to safetensors");
    }
  }
}
