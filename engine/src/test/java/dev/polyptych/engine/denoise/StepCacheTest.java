package dev.polyptych.engine.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.StepCache.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepCacheTest {
  @Test
  void aSettingNamesMethodAndThreshold() {
    assertEquals(Optional.empty(), StepCache.read("none"));
    assertEquals(
        Optional.of(new StepCache(Method.FIRST_BLOCK, 0.1)), StepCache.read("first-block:0.1"));
    assertEquals(Optional.of(new StepCache(Method.TEACACHE, 0)), StepCache.read(" TeaCache:0"));
    assertEquals("teacache:0.25", StepCache.read("teacache:0.25").orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "first-block",
        "first-block:",
        "first-block:-0.1",
        "first-block:NaN",
        "teacache:Infinity",
        "0.1",
        ":0.1",
        "second-block:0.1",
        "none:0.1"
      })
  void anythingElseIsRefusedWithAnExample(String setting) {
    var refused = assertThrows(IllegalArgumentException.class, () -> StepCache.read(setting));

    assertTrue(refused.getMessage().contains("for example first-block:0.1"), refused.getMessage());
    assertTrue(refused.getMessage().endsWith("was '" + setting + "'"), refused.getMessage());
  }

  @Test
  void firstBlockJudgesEachStepByItself() {
    assertEquals(
        List.of(1, 3, 4), reused(new StepCache(Method.FIRST_BLOCK, 0.1), 0.09, 0.1, 0.01, 0.05));
  }

  @Test
  void teacacheSumsUpUntilItComputesAndAlwaysComputesTheLastStep() {
    // Of distance 0 the polynomial makes 0.264: the third one passes 0.7.
    assertEquals(
        List.of(1, 2, 4, 5), reused(new StepCache(Method.TEACACHE, 0.7), 0, 0, 0, 0, 0, 0));
    assertEquals(
        List.of(1, 2, 3, 4, 5), reused(new StepCache(Method.TEACACHE, 1e9), 0, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"first-block:0", "teacache:0"})
  void aThresholdOfNothingReusesNothing(String setting) {
    assertEquals(List.of(), reused(StepCache.read(setting).orElseThrow(), 0, 0, 0));
  }

  @Test
  void whatIsNotANumberIsComputedAndForgotten() {
    assertEquals(List.of(2), reused(new StepCache(Method.TEACACHE, 0.5), Double.NaN, 0, 0, 0));
    assertEquals(List.of(), reused(new StepCache(Method.FIRST_BLOCK, 0.5), Double.NaN));
  }

  /** Which steps after the first reuse, given their distances. */
  private static List<Integer> reused(StepCache cache, double... distances) {
    ReuseRule rule = new ReuseRule(cache, distances.length + 1);
    boolean[] reused = new boolean[distances.length];
    for (int i = 0; i < distances.length; i++) {
      reused[i] = rule.reuses(i + 1, distances[i]);
    }
    return IntStream.rangeClosed(1, distances.length).filter(i -> reused[i - 1]).boxed().toList();
  }
}
