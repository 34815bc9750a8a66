package dev.polyptych.weights.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.weights.model.TransformerConfig;
import dev.polyptych.weights.safetensors.SafetensorsFile;
import dev.polyptych.weights.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftSettingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> MODULES =
      List.of(
          "transformer_blocks.0.attn.to_q",
          "single_transformer_blocks.2.attn.to_q",
          "single_transformer_blocks.10.attn.to_k",
          "proj_out",
          "norm_out.linear");

  @TempDir Path folder;

  /** Expected: which of MODULES Python's re.match(rf"(.*\.)?({key})$", module) matches. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "to_q 11000",
        "attn.to_q 11000",
        "^proj_out 00010",
        ".*single_transformer_blocks\\.\\d+\\.attn\\.to_q 01000",
        "transformer_blocks\\.\\d+\\.attn\\.to_q 10000",
        "(norm_out|proj)\\.linear 00001",
        "attn.to_(q|k) 11100",
        "o_q 00000",
        "blocks.0.attn.to_q 00000",
        "transformer_blocks.0.attn.to_q 10000",
        "single_transformer_blocks\\.\\d\\.attn\\.to_k 00000",
        "\\d+\\.attn.to_k 00100",
        "\\d{1,2}\\.attn.to_k 00100",
        "attn_to_q 00000",
        "attn.to.q 11000",
        "xyz|linear 00001",
        ".* 11111"
      })
  void matchesPatternsAsPeftDoes(String key, String matches) throws JsonProcessingException {
    PeftSettings settings = settings(patterns().put(key, 12));

    for (int i = 0; i < MODULES.size(); i++) {
      double expected = matches.charAt(i) == '1' ? 12 : 4;
      assertEquals(OptionalDouble.of(expected), settings.alpha(MODULES.get(i)), MODULES.get(i));
    }
  }

  @Test
  void takesTheFirstOfSeveralMatches() throws JsonProcessingException {
    PeftSettings settings = settings(patterns().put("0\\..*", 1).put("to_q", 2));

    assertEquals(OptionalDouble.of(1), settings.alpha(MODULES.get(0)));
    assertEquals(OptionalDouble.of(2), settings.alpha(MODULES.get(1)));
  }

  @Test
  void drawsAPublishedFilesSingleBlocksThreefold() {
    Path file = Path.of("src/test/resources/lora/peft_meta_regex.safetensors");
    TransformerConfig model =
        new TransformerConfig(64, 1, 3, 5, 24, 40, 48, true, List.of(4, 8, 12));

    HostAdapter adapter = new AdapterReader(model).read(file);

    assertEquals(32, adapter.modules());
    Pattern patterned = Pattern.compile("single_transformer_blocks\\.[0-2]\\.attn\\.to_q");
    for (HostChange change : adapter.changes()) {
      String module = change.layer().module();
      Delta.LowRank pair = (Delta.LowRank) change.delta().orElseThrow();
      assertEquals(patterned.matcher(module).matches() ? 3 : 1, pair.factor(), module);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(to_q", "(?=to_q)", "(to_q)\\1", "(a*){4}", "a{10}", "a{2,64}"})
  void refusesAPatternThatItCanNotMatch(String key) {
    var refusal = assertThrows(AdapterException.class, () -> settings(patterns().put(key, 1)));

    assertTrue(
        refusal.getMessage().contains("pattern '" + key + "' of its alpha_pattern "),
        refusal.getMessage());
  }

  @Test
  void refusesMoreExpressionsThanItWouldMatchInTime() {
    ObjectNode many = patterns();
    for (int i = 0; i <= 64; i++) {
      many.put("attn.to_q|" + i, 1);
    }
    ObjectNode longest = patterns().put("a|".repeat(128) + "b", 1);

    assertThrows(AdapterException.class, () -> settings(many));
    assertThrows(AdapterException.class, () -> settings(longest));
  }

  /** With backtracking each of these would take ages. */
  @ParameterizedTest
  @ValueSource(strings = {"(\\w*\\w*)*!", "(.*)*(.*)*(.*)*!", "(|)*(a?|b?|)+(|||)+!"})
  void matchesHostilePatternsInTime(String key) throws JsonProcessingException {
    PeftSettings settings = settings(patterns().put(key, 1));

    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> assertEquals(OptionalDouble.of(4), settings.alpha(MODULES.get(1))));
  }

  private static ObjectNode patterns() {
    return JSON.createObjectNode();
  }

  private PeftSettings settings(ObjectNode patterns) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode().put("transformer.lora_alpha", 4);
    root.set("transformer.alpha_pattern", patterns);
    Path path = folder.resolve("adapter.safetensors");
    new SafetensorsWriter()
        .metadata("lora_adapter_metadata", JSON.writeValueAsString(root))
        .add("any", List.of(1L), new float[1])
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return PeftSettings.of(file);
    }
  }
}
