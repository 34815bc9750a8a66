package dev.polyptych.lab.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.schema.fleet.Tier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoticeTest {
  @Test
  void aNoticeIsReadAsItWasWritten() {
    List<Notice> notices =
        List.of(
            new Notice.Hello("worker-1"),
            new Notice.Drawn(7, "a3", Optional.of(Tier.DISK), 0.25, 1.5, 2.75),
            new Notice.Drawn(8, "a3", Optional.empty(), 0, 2.75, 3.5),
            new Notice.Owns(4.5, List.of(0, 3)),
            new Notice.Owns(5.5, List.of()));

    assertEquals(notices, notices.stream().map(Notice::line).map(Notice::of).toList());
  }

  @Test
  void anythingElseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Notice.of("GET / HTTP/1.1"));
  }
}
