package dev.polyptych.worker.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.fleet.WorkerHeartbeat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionCostIT {
  private static final WorkerHeartbeat IDLE =
      Heartbeats.of("w-7d9f", Optional.empty(), Optional.empty(), 0);
  private static final WorkerHeartbeat BUSY =
      Heartbeats.of("w-7d9f", Optional.empty(), Optional.of("j-1"), 2);

  @TempDir Path folder;
  private ApiServer server;
  private Path account;
  private volatile WorkerHeartbeat self = IDLE;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(folder);
    account = server.account(folder.resolve("account"), "first");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void thePodsAnnotationFollowsTheWorkerByItsStatusSubresource() throws Exception {
    try (DeletionCost cost = cost()) {
      cost.start();
      assertEquals(
          new ApiServer.Call(
              "PATCH",
              "/api/v1/namespaces/polyptych/pods/w-7d9f/status",
              "application/merge-patch+json",
              "Bearer first",
              body(0)),
          server.take());

      Files.writeString(account.resolve("token"), "second\n");
      self = BUSY;

      ApiServer.Call busy = server.take();
      assertEquals(body(100), busy.body());
      assertEquals("Bearer second", busy.authorization());
    }
    assertTrue(server.quiet(), "written twice");
  }

  @Test
  void whatTheServerRefusesIsSentAgain() throws Exception {
    server.answersWith(403);
    try (DeletionCost cost = cost()) {
      cost.start();
      assertEquals(body(0), server.take().body());
      assertEquals(body(0), server.take().body());
    }
  }

  @Test
  void aServerWithACertificateOfSomebodyElseGetsNoToken() throws Exception {
    try (ApiServer stranger = new ApiServer(folder);
        OwnPod pod = OwnPod.find(stranger.environment(), account, "w-7d9f").orElseThrow()) {
      assertThrows(IOException.class, () -> pod.deletionCost(1));

      assertTrue(stranger.quiet());
    }
  }

  @Test
  void outsideKubernetesAndWithoutATokenThereIsNoPod() throws Exception {
    assertTrue(OwnPod.find(Map.of(), account, "w").isEmpty());
    assertTrue(OwnPod.find(server.environment(), folder.resolve("none"), "w").isEmpty());
  }

  private DeletionCost cost() throws IOException {
    OwnPod pod = OwnPod.find(server.environment(), account, "w-7d9f").orElseThrow();
    return new DeletionCost(
        pod, () -> self, () -> List.of(self), Clock.systemUTC(), Duration.ofMillis(10));
  }

  private static String body(int cost) {
    return "{\"metadata\":{\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"%d\"}}}"
        .formatted(cost);
  }
}
