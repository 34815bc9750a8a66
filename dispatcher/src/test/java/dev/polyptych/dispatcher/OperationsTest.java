package dev.polyptych.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.http.ApiOperation;
import dev.polyptych.dispatcher.http.BatchEvents;
import dev.polyptych.dispatcher.http.ContractCheck;
import dev.polyptych.dispatcher.http.EventStreams;
import dev.polyptych.dispatcher.registry.Bases;
import dev.polyptych.dispatcher.registry.Offers;
import dev.polyptych.schema.config.Settings.Sources;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationsTest {
  @Test
  void everyOperationOfTheContractHasExactlyOneHandler() {
    DispatcherConfig config = DispatcherConfig.read(Sources.of(Map.of()));
    ApiParts parts =
        new ApiParts(
            config,
            null,
            null,
            Optional.empty(),
            null,
            new Offers(new Bases(config.catalog(), 1, Optional.empty()), Optional.empty()),
            Optional.empty(),
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    List<String> handled =
        parts
            .operations(
                new EventStreams(null, null, null, null), new BatchEvents(null, null, null), null)
            .stream()
            .map(ApiOperation::id)
            .sorted()
            .toList();

    assertEquals(
        ContractCheck.operations().stream().map(Operation::getOperationId).sorted().toList(),
        handled);
  }
}
