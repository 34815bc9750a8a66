package dev.polyptych.dispatcher.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.dispatcher.estimate.Outlook;
import dev.polyptych.dispatcher.results.Pictures;
import dev.polyptych.schema.config.Settings.Sources;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationsTest {
  @Test
  void everyOperationOfTheContractHasExactlyOneHandler() {
    DispatcherConfig config = DispatcherConfig.read(Sources.of(Map.of()));
    ApiServices services =
        new ApiServices(
            config,
            null,
            null,
            null,
            null,
            null,
            new Pictures(null, null),
            null,
            new Outlook(null, null, null, null),
            null,
            null,
            null,
            null);

    List<String> handled =
        services.handlers(services.eventStreams()).stream()
            .map(OperationHandler::operationId)
            .sorted()
            .toList();

    assertEquals(
        ContractCheck.operations().stream().map(Operation::getOperationId).sorted().toList(),
        handled);
  }
}
