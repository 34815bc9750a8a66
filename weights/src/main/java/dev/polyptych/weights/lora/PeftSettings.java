package dev.polyptych.weights.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * PEFT's settings, as diffusers stores them in a file's metadata ({@code lora_adapter_metadata},
 * diffusers loaders/lora_base.py), with the name of the model before each, or as PEFT itself does,
 * without. They give the alpha of each module. Without them, and without alphas in the file, the
 * factor of a change is 1.
 *
 * <p>Keys of {@code alpha_pattern} are regular expressions (peft utils/other.py {@code
 * get_pattern_key}). They come from foreign files, so RE2/J matches them: it needs linear time,
 * while java.util.regex may need exponential time. The ranks, and so {@code rank_pattern}, follow
 * from the tensors.
 */
final class PeftSettings {
  private static final String METADATA = "lora_adapter_metadata";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the models of a pipeline, diffusers' name of ours. */
  private static final String PREFIX = "transformer.";

  private static final String CLIP_PREFIX = "text_encoder.";

  /** Settings with which PEFT's layers compute something else than a file's tensors tell. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "use_qalora",
          "use_bdlora",
          "alora_invocation_tokens",
          "layer_replication",
          "arrow_config",
          "velora_config",
          "kasa_config");

  /** A key without any special character but the dot. */
  private static final Pattern NAME = Pattern.compile("[\\w.]+");

  /** A repetition by a count that would make a matcher large. */
  private static final Pattern COUNTED = Pattern.compile("\\)\\{|\\{\\d*,?\\d\\d");

  /** Longest regular expression in characters. */
  private static final int LONGEST = 256;

  /** Most regular expressions in a file; names don't count. */
  private static final int MOST = 64;

  private final OptionalDouble common;
  private final OptionalDouble rank;
  private final boolean rootOfRank;
  private final boolean dora;
  private final List<Alpha> alphas;

  private record Alpha(Predicate<String> matches, double value) {}

  private PeftSettings(SafetensorsFile file, JsonNode root, String prefix) {
    common = number(root.path(prefix + "lora_alpha"));
    rank = number(root.path(prefix + "r"));
    rootOfRank = root.path(prefix + "use_rslora").asBoolean();
    dora = root.path(prefix + "use_dora").asBoolean();
    alphas = alphas(file, root.path(prefix + "alpha_pattern"));
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.doubleValue()) : OptionalDouble.empty();
  }

  /**
   * The settings of a file for the transformer.
   *
   * @throws AdapterException if the settings are unreadable, describe another computation, or
   *     contain an unusable pattern
   */
  static PeftSettings of(SafetensorsFile file) {
    JsonNode root = json(file);
    boolean prefixed = root.properties().stream().anyMatch(field -> field.getKey().contains("."));
    return of(file, root, prefixed ? PREFIX : "");
  }

  /** As {@link #of}, for the CLIP text encoder. diffusers stores none for T5. */
  static PeftSettings ofClip(SafetensorsFile file) {
    return of(file, json(file), CLIP_PREFIX);
  }

  private static PeftSettings of(SafetensorsFile file, JsonNode root, String prefix) {
    for (String field : UNSUPPORTED) {
      JsonNode value = root.path(prefix + field);
      if (value.asBoolean() || value.size() > 0) {
        throw new AdapterException(
            file.path(),
            "its metadata sets "
                + field
                + ", which changes how PEFT computes; such an adapter can't be drawn with: merge it"
                + " and extract a LoRA");
      }
    }
    return new PeftSettings(file, root, prefix);
  }

  /** Whether the adapter is a DoRA, which has a magnitude for each layer. */
  boolean dora() {
    return dora;
  }

  /**
   * What a change is multiplied by.
   *
   * @param module the layer, without prefix
   * @param alpha of the layer in the file; alpha / rank counts then
   * @param inner rank of the change; empty if it has none, as a LoKr of whole matrices. LyCORIS
   *     then ignores the file's alpha; PEFT divides by the rank that it was asked for
   */
  double factor(String module, OptionalDouble alpha, OptionalDouble inner) {
    if (alpha.isPresent()) {
      return inner.isPresent() ? alpha.getAsDouble() / inner.getAsDouble() : 1;
    }
    OptionalDouble divisor = inner.isPresent() ? inner : rank;
    OptionalDouble own = alpha(module);
    if (own.isEmpty() || divisor.isEmpty()) {
      return 1;
    }
    double by = divisor.getAsDouble();
    return own.getAsDouble() / (rootOfRank ? Math.sqrt(by) : by);
  }

  private static JsonNode json(SafetensorsFile file) {
    String text = file.metadata().get(METADATA);
    try {
      return text == null ? MissingNode.getInstance() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AdapterException(
          file.path() + ": its metadata " + METADATA + " is not readable JSON", e);
    }
  }

  private static List<Alpha> alphas(SafetensorsFile file, JsonNode node) {
    List<Alpha> alphas = new ArrayList<>();
    int expressions = 0;
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      boolean name = NAME.matcher(key).matches();
      expressions += name ? 0 : 1;
      if (expressions > MOST) {
        throw refusal(file, key, "is one of more than " + MOST + " regular expressions");
      }
      if (!entry.getValue().isNumber()) {
        throw refusal(file, key, "has no number as its alpha");
      }
      alphas.add(
          new Alpha(
              name ? module -> endsWith(module, key) : expression(file, key),
              entry.getValue().doubleValue()));
    }
    return alphas;
  }

  /**
   * Whether a name, in which a dot stands for any character, is a module or its end after a dot.
   */
  private static boolean endsWith(String module, String name) {
    int start = module.length() - name.length();
    if (start < 0 || (start > 0 && module.charAt(start - 1) != '.')) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != '.' && name.charAt(i) != module.charAt(start + i)) {
        return false;
      }
    }
    return true;
  }

  private static Predicate<String> expression(SafetensorsFile file, String key) {
    if (key.length() > LONGEST) {
      throw refusal(file, key.substring(0, 40) + "…", "is longer than " + LONGEST + " characters");
    }
    if (COUNTED.matcher(key).find()) {
      throw refusal(file, key, "repeats a group, or anything more than 9 times, by a count");
    }
    try {
      // As peft has it: re.match(rf"(.*\.)?({key})$", module).
      Pattern pattern = Pattern.compile("(.*\\.)?(" + key + ")$");
      return module -> pattern.matcher(module).lookingAt();
    } catch (PatternSyntaxException e) {
      throw refusal(file, key, "can't be read as a regular expression: " + e.getMessage());
    }
  }

  private static AdapterException refusal(SafetensorsFile file, String key, String fault) {
    return new AdapterException(file.path(), "pattern '" + key + "' of its alpha_pattern " + fault);
  }

  /** Alpha of a module: that of the first matching pattern, else the common one, if any. */
  OptionalDouble alpha(String module) {
    for (Alpha alpha : alphas) {
      if (alpha.matches().test(module)) {
        return OptionalDouble.of(alpha.value());
      }
    }
    return common;
  }
}
