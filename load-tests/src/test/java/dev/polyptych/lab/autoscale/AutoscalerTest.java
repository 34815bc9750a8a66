package dev.polyptych.lab.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.lab.autoscale.ScaledObject.ScalingPolicy;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingPolicy.Unit;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingRules;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingRules.Select;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Small cases by hand, as the code of Kubernetes has them. */
class AutoscalerTest {
  private static final ScalingRules UP =
      new ScalingRules(
          0,
          List.of(new ScalingPolicy(Unit.PERCENT, 100, 60), new ScalingPolicy(Unit.PODS, 4, 60)),
          Select.MAX);

  private static final ScalingRules DOWN =
      new ScalingRules(
          600,
          List.of(new ScalingPolicy(Unit.PERCENT, 20, 120), new ScalingPolicy(Unit.PODS, 1, 120)),
          Select.MAX);

  private final Autoscaler autoscaler = scaler(UP, DOWN);

  @Test
  void theFleetDoublesOrGrowsByFourInAMinute() {
    assertEquals(5, autoscaler.replicas(0, 1, 100));
    assertEquals(5, autoscaler.replicas(15, 5, 100));
    assertEquals(10, autoscaler.replicas(60, 5, 100));
    assertEquals(20, autoscaler.replicas(120, 10, 100));
    assertEquals(32, autoscaler.replicas(180, 20, 100));
  }

  @Test
  void aFifthLeavesInTwoMinutesOnceTheWindowIsOver() {
    autoscaler.replicas(0, 32, 32);

    assertEquals(32, autoscaler.replicas(15, 32, 0));
    assertEquals(32, autoscaler.replicas(599, 32, 0));
    assertEquals(25, autoscaler.replicas(600, 32, 0));
    assertEquals(25, autoscaler.replicas(615, 25, 0));
    assertEquals(20, autoscaler.replicas(720, 25, 0));
  }

  @Test
  void ofFewOneLeavesAndTheLastStays() {
    assertEquals(2, scaler(UP, DOWN).replicas(0, 3, 0));
    assertEquals(1, scaler(UP, DOWN).replicas(0, 2, 0));
    assertEquals(1, scaler(UP, DOWN).replicas(0, 1, 0));
  }

  @Test
  void theLesserPolicyHoldsWhereMinIsSelected() {
    ScalingRules least = new ScalingRules(0, DOWN.policies(), Select.MIN);

    assertEquals(31, scaler(UP, least).replicas(0, 32, 0));
  }

  @Test
  void aDisabledDirectionStaysAsItIs() {
    ScalingRules never = new ScalingRules(0, DOWN.policies(), Select.DISABLED);

    assertEquals(32, scaler(UP, never).replicas(0, 32, 0));
  }

  @Test
  void nothingIsTakenAwayThatWasWantedWithinTheWindow() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Autoscaler some = scaler(UP, DOWN);
      int[] wanted = new int[400];
      int current = 1;
      for (int look = 0; look < wanted.length; look++) {
        wanted[look] = random.nextInt(look % 100 < 60 ? 3 : 40);
        int next = some.replicas(15.0 * look, current, wanted[look]);
        assertTrue(next >= 1 && next <= 32, "replicas " + next);
        if (next < current) {
          for (int before = Math.max(0, look - 39); before <= look; before++) {
            assertTrue(
                wanted[before] <= next,
                "seed %d: %d left of %d".formatted(seed, next, wanted[before]));
          }
        }
        current = next;
      }
    }
  }

  private static Autoscaler scaler(ScalingRules up, ScalingRules down) {
    return new Autoscaler(new ScaledObject(15, 900, 0, 32, up, down, List.of()));
  }
}
