package dev.polyptych.cli.command;

import dev.polyptych.dispatcher.tenant.ApiKey;
import dev.polyptych.schema.job.TenantId;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polyptych key}. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Handles API keys.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KeyCommand.Create.class)
public final class KeyCommand {
  /** {@code polyptych key create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Makes an API key and prints it once. It is not stored.",
        "Also prints the line for the dispatchers' tenants file, which holds only the key's digest."
      })
  static final class Create implements Callable<Integer> {
    @Option(
        names = "--tenant",
        paramLabel = "ID",
        description = "The key's tenant (default: ${DEFAULT-VALUE}).")
    private String tenant = TenantId.DEFAULT;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      if (!TenantId.valid(tenant)) {
        throw new ParameterException(
            spec.commandLine(), "--tenant " + TenantId.RULE + ", not '" + tenant + "'");
      }
      String key = ApiKey.make(new SecureRandom());
      PrintWriter out = spec.commandLine().getOut();
      out.println("key, for the tenant only:");
      out.println(key);
      out.println("line, under \"tenants:\" of the tenants file (a tenant may have several keys):");
      out.println("  - {id: %s, keys: [\"%s\"]}".formatted(tenant, ApiKey.digest(key)));
      out.flush();
      return 0;
    }
  }
}
