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
 * diffusers loaders/lora_base.py). They give the alpha of each module. Without them the factor of a
 * pair is 1.
 *
 * <p>Keys of {@code alpha_pattern} are regular expressions (peft utils/other.py {@code
 * get_pattern_key}). They come from foreign files, so RE2/J matches them: it needs linear time,
 * while java.util.regex may need exponential time.
 */
final class PeftSettings {
  private static final String METADATA = "lora_adapter_metadata";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings that change the factor alpha / rank. */
  private static final List<String> UNSUPPORTED =
      List.of("use_dora", "use_rslora", "lora_bias", "fan_in_fan_out");

  /** A key without any special character but the dot. */
  private static final Pattern NAME = Pattern.compile("[\\w.]+");

  /** A repetition by a count that would make a matcher large. */
  private static final Pattern COUNTED = Pattern.compile("\\)\\{|\\{\\d*,?\\d\\d");

  /** Longest regular expression in characters. */
  private static final int LONGEST = 256;

  /** Most regular expressions in a file; names don't count. */
  private static final int MOST = 64;

  private final OptionalDouble common;
  private final List<Alpha> alphas;

  private record Alpha(Predicate<String> matches, double value) {}

  private PeftSettings(OptionalDouble common, List<Alpha> alphas) {
    this.common = common;
    this.alphas = alphas;
  }

  /**
   * The settings of a file for one of its models.
   *
   * @param prefix prefix of the model's keys, for example {@code transformer.}
   * @throws AdapterException if the settings are unreadable, describe more than plain LoRA, or
   *     contain an unusable pattern
   */
  static PeftSettings of(SafetensorsFile file, String prefix) {
    JsonNode root = json(file);
    for (String field : UNSUPPORTED) {
      if (root.path(prefix + field).asBoolean()) {
        throw new AdapterException(
            file.path(), "its metadata sets " + field + ", but only plain LoRA can be drawn with");
      }
    }
    JsonNode common = root.path(prefix + "lora_alpha");
    return new PeftSettings(
        common.isNumber() ? OptionalDouble.of(common.doubleValue()) : OptionalDouble.empty(),
        alphas(file, root.path(prefix + "alpha_pattern")));
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
