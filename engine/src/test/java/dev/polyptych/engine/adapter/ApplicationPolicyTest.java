package dev.polyptych.engine.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.engine.adapter.ApplicationPolicy.AdapterCosts;
import dev.polyptych.engine.adapter.ApplicationPolicy.Way;
import org.junit.jupiter.api.Test;

class ApplicationPolicyTest {
  private static final AdapterCosts COSTS = new AdapterCosts(0.03, 0.6);

  @Test
  void mergesOnceTheStepsInSightPayForIt() {
    ApplicationPolicy policy = new ApplicationPolicy(COSTS, 100);

    assertEquals(20, COSTS.stepsToPay(), 1e-9);
    assertEquals(Way.BRANCH, policy.choose(19, 100));
    assertEquals(Way.MERGED, policy.choose(21, 100));
  }

  @Test
  void neverMergesBeyondItsMemory() {
    assertEquals(Way.BRANCH, new ApplicationPolicy(COSTS, 100).choose(1_000_000, 101));
    assertEquals(Way.BRANCH, ApplicationPolicy.branchOnly().choose(1_000_000, 1));
  }

  @Test
  void neverMergesWhereABranchCostsNothing() {
    ApplicationPolicy policy = new ApplicationPolicy(new AdapterCosts(-0.001, 0.6), 100);

    assertEquals(Way.BRANCH, policy.choose(1_000_000, 1));
  }

  @Test
  void refusesCostsThatWereNotMeasured() {
    assertThrows(IllegalArgumentException.class, () -> new AdapterCosts(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new AdapterCosts(1, -1));
  }
}
