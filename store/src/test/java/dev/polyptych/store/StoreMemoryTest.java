package dev.polyptych.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StoreMemoryTest {
  @Test
  void theAnswerOfRedisIsRead() {
    String info = "used_memory:1048576\r\nmaxmemory:4194304\r\nmaxmemory_policy:allkeys-lru\r\n";

    assertEquals(new StoreMemory(1_048_576, 4_194_304, "allkeys-lru"), StoreMemory.of(info));
  }

  @Test
  void aServiceThatLeavesTheLimitOutHasNone() {
    assertEquals(new StoreMemory(7, 0, ""), StoreMemory.of("# Memory\r\nused_memory:7\r\n"));
  }

  @Test
  void onlyARedisThatRefusesWritesKeepsAllJobs() {
    assertFalse(StoreMemory.of("maxmemory_policy:noeviction\r\n").evicts());
    assertFalse(StoreMemory.of("used_memory:7\r\n").evicts());
    assertTrue(StoreMemory.of("maxmemory_policy:volatile-lru\r\n").evicts());
  }
}
