package dev.polyptych.schema.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HostNamesTest {
  @Test
  void namesWithoutAnAddressAreNamed() {
    assertEquals(
        " (no address for the name kafka-0.invalid, kafka-1.invalid)",
        HostNames.unknown("kafka-0.invalid:9092, 127.0.0.1:9092,kafka-1.invalid:9092"));
  }

  @Test
  void addressesAndKnownNamesNeedNoRemark() {
    assertEquals("", HostNames.unknown("127.0.0.1:9092,[::1]:9092,localhost"));
  }
}
