package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.cli.audit.AuditReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
  @Test
  void aClusterThatHoldsTheSameAllTheTimePasses() {
    SoakReport report = report(minute -> 400, sample(41, 400, 0, 3));

    assertTrue(report.passed(), report::text);
    assertTrue(report.text().contains("| worker-1 mib "), report.text());
  }

  @Test
  void memoryThatGrowsWithTheMinutesIsMissed() {
    SoakReport report = report(minute -> 400 + 4 * minute, sample(41, 500, 0, 3));

    assertFalse(report.passed());
    assertTrue(report.text().contains("missed: worker-1_mib_late <="), report.text());
  }

  @Test
  void memoryThatGrowsOnlyInTheFirstQuarterPasses() {
    assertTrue(report(minute -> Math.min(400, 40 * minute), sample(41, 400, 0, 3)).passed());
  }

  @Test
  void aReservationAtRestIsMissed() {
    SoakReport report = report(minute -> 400, sample(41, 400, 1, 3));

    assertTrue(report.text().contains("missed: reservations_at_rest <= 0.0, was 1"), report.text());
  }

  @Test
  void manyKeysWithoutATimeToLiveAreMissedAndNamed() {
    SoakReport report = report(minute -> 400, sample(41, 400, 0, 500));

    assertFalse(report.passed());
    assertTrue(report.text().contains("job:*"), report.text());
  }

  @Test
  void tooFewSamplesAreRefused() {
    SoakSample one = sample(1, 400, 0, 3);

    assertThrows(
        IllegalArgumentException.class,
        () -> new SoakReport(Map.of(), 0, 0, List.of(one, one, one), one, audit()));
  }

  @Test
  void theNameOfAKeyHasNoIds() {
    assertEquals("{*}:job", SoakSample.kind("{j-01m8352vt5srfwrnm0yxdh0td0}:job"));
    assertEquals("reference:*:bytes", SoakSample.kind("reference:" + "a0".repeat(32) + ":bytes"));
    assertEquals("workers", SoakSample.kind("workers"));
  }

  @Test
  void thisProcessHoldsMemoryDescriptorsAndThreads() throws Exception {
    ProcessUse use = ProcessUse.of(ProcessHandle.current().pid());

    assertTrue(use.residentMib() > 10, use::toString);
    assertTrue(use.descriptors() > 2, use::toString);
    assertTrue(use.threads() > 2, use::toString);
  }

  private static SoakReport report(IntToDoubleFunction mib, SoakSample rest) {
    List<SoakSample> samples =
        new ArrayList<>(
            IntStream.rangeClosed(1, 40)
                .mapToObj(minute -> sample(minute, mib.applyAsDouble(minute), 4, 3))
                .toList());
    return new SoakReport(Map.of("render_done", 7.0), 0, 0, samples, rest, audit());
  }

  private static SoakSample sample(double minute, double mib, long reservations, int lasting) {
    SortedMap<String, Integer> kinds = new TreeMap<>(Map.of("job:*", lasting));
    return new SoakSample(
        minute,
        Map.of("worker-1", new ProcessUse(mib, 50, 40)),
        9,
        100,
        kinds,
        reservations,
        reservations);
  }

  private static AuditReport audit() {
    return DrillReportTest.audit(7, 0, Map.of());
  }
}
