package dev.polyptych.dispatcher.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A check that lets everything pass would make all others worthless. */
class ContractCheckTest {
  private static final String EVENT =
      """
      {"v": 1, "job": "j-1", "state": "rendering", "at": "2025-11-30T18:00:00Z", "attempt": 1,
       "step": 4, "steps": 20}
      """;

  @Test
  void anEventOfTheContractPasses() {
    assertDoesNotThrow(() -> ContractCheck.checkEvent(EVENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"rendering\"", "\"j-1\"", "\"step\""})
  void anEventWithSomethingElseInItDoesNot(String part) {
    String other = EVENT.replace(part, "\"!\"");

    assertThrows(AssertionError.class, () -> ContractCheck.checkEvent(other));
  }

  @Test
  void anAnswerOfAnotherMediaTypeDoesNotPass() {
    assertDoesNotThrow(
        () -> DocumentedAnswers.checkType("readJob", 404, "application/problem+json"));
    assertThrows(
        AssertionError.class,
        () -> DocumentedAnswers.checkType("readJob", 404, "application/json"));
    assertThrows(
        AssertionError.class,
        () -> DocumentedAnswers.checkType("readJob", 418, "application/problem+json"));
  }
}
