package dev.polyptych.dispatcher.config;

import dev.polyptych.dispatcher.tenant.Tenants;
import dev.polyptych.dispatcher.tenant.TenantsFile;
import dev.polyptych.schema.config.Settings;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Who may call; never everybody from everywhere by accident. */
final class AccessReader {
  private AccessReader() {}

  static Tenants read(Settings settings, String host) {
    String file = settings.text("tenants", "");
    boolean open = settings.flag("openMode");
    if (file.isEmpty()) {
      if (!open && !loopback(host)) {
        settings.invalid(
            "bindHost",
            host
                + " lets other machines call, and without API keys every caller is let in; name a"
                + " tenants file (tenants: tenants.yaml, see polyptych key create), or set openMode:"
                + " true where a gateway of yours lets nobody else through");
      }
      return Tenants.OPEN;
    }
    if (open) {
      settings.invalid("openMode", "contradicts tenants, which ask for keys; remove one of them");
    }
    try {
      return TenantsFile.read(Path.of(file));
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      settings.invalid("tenants", unusable.getMessage());
      return Tenants.OPEN;
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
