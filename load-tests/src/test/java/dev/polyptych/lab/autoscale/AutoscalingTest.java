package dev.polyptych.lab.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.lab.autoscale.ScalingOutcome.Figure;
import dev.polyptych.lab.autoscale.ScalingOutcome.ScalingSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoscalingTest {
  private static final Deployed DEPLOYED = Deployed.read();
  private static final Map<String, AutoscaleArm> ARMS = AutoscaleArm.all(DEPLOYED);

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertEquals(ours(Demand.FLASH_CROWD), ours(Demand.FLASH_CROWD));
  }

  @Test
  void theFleetSleepsThroughTheNightAndTheFirstJobWaitsForAColdStart() {
    ScalingOutcome night = ours(Demand.NIGHT);

    List<ScalingSample> asleep =
        night.samples().stream()
            .filter(sample -> sample.seconds() > 3 * 3600 && sample.seconds() < 7.4 * 3600)
            .toList();
    assertTrue(asleep.stream().allMatch(sample -> sample.replicas() == 0));
    double first = night.waits().first();
    assertTrue(first > 0.8 * 307 && first < 1.2 * 307 + 30, first + " s");
  }

  @Test
  void theFleetIsNeverLargerThanItMay() {
    ScalingOutcome crowd = ours(Demand.FLASH_CROWD);

    assertEquals(
        32, crowd.samples().stream().mapToInt(ScalingSample::replicas).max().orElseThrow());
  }

  @Test
  void byTheBacklogAloneEveryJobWaitsForAboutTheDrainTime() {
    ScalingOutcome backlog = run(Demand.DRAIN, "backlog");
    double drain = DEPLOYED.scaled().triggers().getFirst().threshold();

    assertTrue(backlog.waits().p50() > drain / 2, backlog.waits()::toString);
    assertTrue(ours(Demand.DRAIN).waits().p50() < 5);
  }

  @Test
  void theReportHoldsEveryFigureAndLeavesTableAndPlots(@TempDir Path folder) throws IOException {
    List<ScalingTrial> trials =
        Arrays.stream(Demand.values())
            .map(
                demand ->
                    ScalingTrial.run(
                        demand, AutoscaleArm.OURS, ARMS.get(AutoscaleArm.OURS), DEPLOYED, 1))
            .toList();

    new AutoscaleBench(trials).write(folder);

    JsonNode report = new ObjectMapper().readTree(folder.resolve("autoscale.json").toFile());
    assertEquals("autoscale", report.path("bench").asText());
    assertEquals(4 * Figure.values().length + 1, report.path("figures").size());
    assertEquals(List.of("<= 2.0", "<= 0.001"), report.path("aims").findValuesAsText("aim"));
    assertTrue(Files.readString(folder.resolve("autoscale.md")).contains("### flash crowd"));
    for (String plot : List.of("flash-crowd", "night", "drain", "steady")) {
      assertTrue(Files.size(folder.resolve(plot + ".svg")) > 10_000, plot);
    }
  }

  private static ScalingOutcome ours(Demand demand) {
    return run(demand, AutoscaleArm.OURS);
  }

  private static ScalingOutcome run(Demand demand, String arm) {
    return Autoscaling.run(demand, ARMS.get(arm), DEPLOYED, 1);
  }
}
