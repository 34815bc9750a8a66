package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.dispatcher.tenant.TenantsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeyCreateCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void thePrintedLineLetsThePrintedKeyIn() throws IOException {
    int status = key("create", "--tenant", "studio-a");

    List<String> lines = out.toString().lines().toList();
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"), "v: 1\ntenants:\n" + lines.getLast() + "\n");
    Optional<Tenant> caller = TenantsFile.read(file).caller(Optional.of(lines.get(1)));
    assertEquals(0, status);
    assertEquals(Optional.of("studio-a"), caller.map(Tenant::id));
  }

  @Test
  void aTenantThatCouldNotBeInTheFileIsRefused() {
    int status = key("create", "--tenant", "studio a");

    assertEquals(2, status);
    assertTrue(err.toString().contains("must be 1 to 64 letters"), err.toString());
    assertEquals("", out.toString());
  }

  private int key(String... arguments) {
    return new CommandLine(new KeyCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
