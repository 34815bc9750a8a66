package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.lab.drill.PoisonDrill.Poison;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.JobResolver;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.topic.RenderRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoisonTest {
  @Test
  void everyValueIsRefusedAndEachForAnotherReason() {
    List<ErrorCode> codes = Poison.values("1").stream().map(PoisonTest::refusal).toList();

    assertEquals(ErrorCode.MALFORMED_RECORD, codes.get(0));
    assertEquals(ErrorCode.MALFORMED_RECORD, codes.get(1));
    assertEquals(ErrorCode.UNSUPPORTED_VERSION, codes.get(2));
    assertEquals(ErrorCode.UNKNOWN_TASK, codes.get(3));
    assertEquals(5, codes.size());
  }

  @Test
  void theLargestFitsIntoARecordOfAMebibyte() {
    int largest = Poison.values("1").stream().mapToInt(value -> value.length).max().orElseThrow();

    assertTrue(largest > 800_000 && largest < 1024 * 1024, largest + " bytes");
  }

  private static ErrorCode refusal(byte[] value) {
    JobResolver resolver = new JobResolver(CatalogFile.builtIn("tiny"));
    return switch (RenderRecord.read(value)
        .then(record -> resolver.resolve(record.id(), record.request()))) {
      case Validated.Invalid<RenderJob>(var problems) -> problems.getFirst().code();
      case Validated.Valid<RenderJob>(var job) -> throw new AssertionError("is a job: " + job);
    };
  }
}
