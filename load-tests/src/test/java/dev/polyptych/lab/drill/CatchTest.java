package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CatchTest {
  @Test
  void aJobPastItsFirstStepIsInTheMiddle() throws IOException {
    assertTrue(Catch.inTheMiddle(job("rendering", 1, 1), 0));
    assertTrue(Catch.inTheMiddle(job("rendering", 1, 10), 0));
  }

  @Test
  void aJobThatHasNotDoneAStepOrIsNearItsEndIsNot() throws IOException {
    assertFalse(Catch.inTheMiddle(job("rendering", 1, 0), 0));
    assertFalse(Catch.inTheMiddle(job("rendering", 1, 11), 0));
    assertFalse(Catch.inTheMiddle(job("done", 1, 5), 0));
  }

  @Test
  void aShareOfItsStepsMustBePast() throws IOException {
    assertFalse(Catch.inTheMiddle(job("rendering", 1, 4), 0.25));
    assertTrue(Catch.inTheMiddle(job("rendering", 1, 5), 0.25));
  }

  @Test
  void aJobIsHitOnceOnlySinceItHasButAFewAttempts() throws IOException {
    assertFalse(Catch.inTheMiddle(job("rendering", 2, 5), 0));
  }

  private static JobStatus job(String state, int attempt, int step) throws IOException {
    String json =
        """
        {"v":1,"id":"j-1","task":"t","adapter":"a","tenant":"default","lane":"batch",
         "state":"%s","attempt":%d,"step":%d,"steps":20,"panels":2,"format":"png","seed":1,
         "times":{"accepted":"2026-01-01T00:00:00Z"}}
        """
            .formatted(state, attempt, step);
    return Json.mapper().readValue(json, JobStatus.class);
  }
}
