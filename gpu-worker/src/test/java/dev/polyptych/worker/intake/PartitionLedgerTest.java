package dev.polyptych.worker.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PartitionLedgerTest {
  private final PartitionLedger ledger = new PartitionLedger(1);

  @Test
  void nothingIsCommittedBeforeARecordIsTakenOrWhileItIsOpen() {
    assertEquals(OptionalLong.empty(), ledger.committable());

    ledger.take(0);

    assertEquals(OptionalLong.empty(), ledger.committable());
  }

  @Test
  void onlyTheFinishedPrefixIsCommitted() {
    ledger.take(5);
    ledger.take(6);
    ledger.finish(6);
    assertEquals(OptionalLong.empty(), ledger.committable());

    ledger.finish(5);

    assertEquals(OptionalLong.of(7), ledger.committable());
  }

  @Test
  void whatIsCommittedIsNotCommittedAgain() {
    ledger.take(5);
    ledger.finish(5);

    ledger.committed(6);

    assertEquals(OptionalLong.empty(), ledger.committable());
  }

  @Test
  void anAnswerToAnOlderCommitDoesNotTakeANewerOneBack() {
    ledger.take(5);
    ledger.take(6);
    ledger.finish(5);
    ledger.finish(6);

    ledger.committed(7);
    ledger.committed(6);

    assertEquals(OptionalLong.empty(), ledger.committable());
  }

  @Test
  void nothingFromTheFirstDroppedRecordOnIsCommitted() {
    for (long offset = 5; offset < 9; offset++) {
      ledger.take(offset);
    }
    ledger.drop(7);
    ledger.drop(6);
    ledger.drop(8);
    ledger.finish(5);

    assertEquals(OptionalLong.of(6), ledger.committable());
    assertEquals(0, ledger.inFlight());
  }

  @Test
  void aFinishedRecordCannotBeDropped() {
    ledger.take(5);
    ledger.finish(5);
    ledger.drop(5);

    assertEquals(OptionalLong.of(6), ledger.committable());
  }
}
