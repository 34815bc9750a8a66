package dev.polyptych.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrillChoiceTest {
  @Test
  void aNameAloneIsRunAsOftenAsUsual() {
    DrillChoice choice = DrillChoice.of(List.of("kill", "zombie=3"));

    assertEquals(Map.of(DrillKind.KILL, 50, DrillKind.ZOMBIE, 3), choice.counts());
    assertEquals(List.of(), choice.problems());
  }

  @Test
  void anUnknownNameIsReportedWithAllKnownNames() {
    DrillChoice choice = DrillChoice.of(List.of("kil=2"));

    assertTrue(choice.problems().getFirst().startsWith("'kil' is no drill; there are: kill, "));
  }

  @Test
  void aCountMustBeAPositiveNumber() {
    DrillChoice choice = DrillChoice.of(List.of("redis=0", "cut=often", "slow=99999"));

    assertEquals(3, choice.problems().size());
    assertTrue(choice.problems().getFirst().startsWith("redis: must be 1 to"));
    assertEquals(Map.of(), choice.counts());
  }

  @Test
  void withoutWordsEverythingIsRunThatCanBe() {
    Map<DrillKind, Integer> counts = DrillChoice.all().counts();

    for (DrillKind kind : DrillKind.values()) {
      assertEquals(!DrillChoice.impossible(kind), counts.containsKey(kind), kind.text());
    }
    assertEquals(10, counts.get(DrillKind.ZOMBIE));
  }
}
