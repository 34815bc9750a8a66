package dev.polyptych.lab.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.lab.autoscale.Nodes.Machinery;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingPolicy;
import dev.polyptych.lab.autoscale.ScaledObject.ScalingPolicy.Unit;
import dev.polyptych.lab.autoscale.ScaledObject.Trigger;
import dev.polyptych.lab.autoscale.ScaledObject.Trigger.Source;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeployedTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final double UTILISATION = 0.9;

  @Test
  void theDeployedManifestsAreWhatIsSimulated() {
    Deployed deployed = Deployed.read();
    ScaledObject scaled = deployed.scaled();

    assertEquals(32, scaled.maxReplicas());
    assertEquals(900, scaled.cooldownPeriod());
    assertEquals(600, scaled.down().stabilizationWindowSeconds());
    assertEquals(
        List.of(new ScalingPolicy(Unit.PERCENT, 20, 120), new ScalingPolicy(Unit.PODS, 1, 120)),
        scaled.down().policies());
    assertEquals(
        List.of(Source.GPU_SECONDS, Source.INTERACTIVE_LAG, Source.BATCH_LAG),
        scaled.triggers().stream().map(Trigger::source).toList());
    assertEquals(15, deployed.scrapeSeconds());
    assertEquals(30, deployed.graceSeconds());
  }

  @Test
  void whatTheRuleCountsForAWorkerIsTheTriggersThreshold() {
    Deployed deployed = Deployed.read();
    double threshold = deployed.scaled().triggers().getFirst().threshold();

    assertEquals(threshold, deployed.wanted().loadingSeconds());
    assertEquals(threshold / UTILISATION, deployed.wanted().busySeconds(), 1e-9);
    assertEquals(300, deployed.wanted().windowSeconds());
  }

  @Test
  void theCooldownIsLongerThanTheLongestColdStart() {
    Machinery cloud = Machinery.CLOUD;
    double longest =
        cloud.scheduling()
            + (1 + cloud.spread()) * (cloud.provisioning() + cloud.pulling() + cloud.loading());

    assertTrue(Deployed.read().scaled().cooldownPeriod() > longest, longest + " s");
  }

  @Test
  void whatAManifestDoesNotNameHasTheDefaultOfItsController() throws IOException {
    ScaledObject scaled =
        ScaledObjectReader.read(
            yaml(
                """
                kind: ScaledObject
                spec:
                  triggers:
                    - {type: kafka, metadata: {topic: polyptych.render.interactive}}
                """));

    assertEquals(ScaledObject.lagByDefault(100), scaled);
  }

  @Test
  void aTriggerThatIsNotPlayedIsRefusedByName() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ScaledObjectReader.read(
                    yaml("{kind: ScaledObject, spec: {triggers: [{type: cron}]}}")));

    assertEquals("triggers.type: must be prometheus or kafka, was cron", refused.getMessage());
  }

  @Test
  void anotherRuleThanTheKnownOneIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Wanted.read(
                    yaml(
                        """
                        spec:
                          groups:
                            - interval: 15s
                              rules:
                                - record: polyptych:outstanding_gpu_seconds
                                  expr: sum(something_else)
                        """)));

    assertTrue(refused.getMessage().contains("sum(something_else)"), refused::getMessage);
  }

  private static JsonNode yaml(String text) throws IOException {
    return YAML.readTree(text);
  }
}
