package dev.polyptych.schema.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.schema.catalog.AdapterSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidencyTest {
  /** On the device are a, b and c; a and b are drawn with together, c is merged. */
  private static final Residency WORKER =
      new AdapterTiers(
              List.of("c"), List.of("a", "b", "c"), List.of("a", "h"), List.of("a", "h", "f"))
          .residency(Optional.of("a+b"));

  @ParameterizedTest
  @CsvSource({
    "a+b, WARM",
    "b+a, DEVICE",
    "a+b+c, DEVICE",
    "a, DEVICE",
    "c, WARM",
    "c+a, DEVICE",
    "a+h, HOST",
    "h+a, HOST",
    "a+h+f, DISK",
    "f+a, DISK",
    "a+unknown, ABSENT",
    "unknown, ABSENT",
    "base-alone, DEVICE",
    "a++b, ABSENT"
  })
  void aSetIsWhereItsFarthestMemberIsAndWarmOnlyAsAWhole(String key, Tier tier) {
    assertEquals(tier, WORKER.of(key));
  }

  @Test
  void theBaseAloneIsWarmWhenItIsDrawnWithAndNeedsNoFile() {
    assertEquals(Tier.DEVICE, Residency.EMPTY.of(AdapterSet.BASE_ALONE));
    assertEquals(
        Tier.WARM,
        AdapterTiers.NONE.residency(Optional.of(AdapterSet.BASE_ALONE)).of(AdapterSet.BASE_ALONE));
  }
}
