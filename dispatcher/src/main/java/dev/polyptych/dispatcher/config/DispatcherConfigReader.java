package dev.polyptych.dispatcher.config;

import dev.polyptych.dispatcher.address.AddressRange;
import dev.polyptych.dispatcher.source.SourceRules;
import dev.polyptych.dispatcher.tenant.Tenants;
import dev.polyptych.dispatcher.tenant.TenantsFile;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.config.Settings;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads and checks the settings that only the dispatcher has. */
final class DispatcherConfigReader {
  private static final String SECRET_PREFIX = "whsec_";

  /** As Standard Webhooks requires. */
  private static final int LEAST_SECRET_BYTES = 24;

  private static final int MOST_SECRET_BYTES = 64;
  private static final int MOST_SECRETS = 2;

  /** Of a whole adapter. */
  private static final Duration FETCH_TIMEOUT = Duration.ofMinutes(10);

  private final Settings settings;

  /** How images in the object store are handed out. */
  private enum ResultLinks {
    STREAM,
    SIGNED
  }

  private DispatcherConfigReader(Settings settings) {
    this.settings = settings;
  }

  static DispatcherConfig read(Settings settings) {
    return new DispatcherConfigReader(settings).config();
  }

  private DispatcherConfig config() {
    String host = settings.text(Setting.BIND_HOST);
    Optional<ObjectSettings> objects = settings.objects();
    return new DispatcherConfig(
        host,
        settings.integer(Setting.PORT),
        settings.integer(Setting.DISPATCHER_MANAGEMENT_PORT),
        settings.bootstrapServers(),
        settings.text(Setting.ASSIGNOR),
        settings.kafkaSecurity(),
        settings.redis(),
        settings.catalog(),
        settings.integer(Setting.BODY_LIMIT_BYTES),
        settings.integer(Setting.PARTITIONS),
        settings.retention(),
        objects,
        settings.resultsInObjects(objects),
        signedLinks(objects),
        settings.integer(Setting.CONCURRENT_CALLS),
        settings.seconds(Setting.SWEEP_AFTER_SECONDS),
        settings.integer(Setting.LANE_JOBS),
        tenants(host),
        sources(objects),
        new CallbackSettings(secrets(), allowed(), settings.hours(Setting.CALLBACK_RETRY_HOURS)));
  }

  private boolean signedLinks(Optional<ObjectSettings> objects) {
    boolean signed =
        settings.constant(Setting.RESULT_LINKS, ResultLinks.class) == ResultLinks.SIGNED;
    if (signed && objects.filter(store -> !store.folder()).isEmpty()) {
      settings.invalid(
          Setting.RESULT_LINKS, "signed needs objects: s3://bucket/prefix; otherwise set stream");
    }
    return signed;
  }

  private SourceRules sources(Optional<ObjectSettings> objects) {
    return new SourceRules(
        settings.listed(Setting.SOURCE_HOSTS),
        settings.listed(Setting.SOURCE_BUCKETS),
        objects.flatMap(ObjectSettings::endpoint),
        folders(),
        hub(),
        Optional.of(settings.text(Setting.HUB_TOKEN)).filter(token -> !token.isEmpty()),
        settings.integer(Setting.ADAPTER_MEGABYTES) * 1_000_000L,
        FETCH_TIMEOUT);
  }

  private List<Path> folders() {
    try {
      return settings.listed(Setting.SOURCE_FOLDERS).stream()
          .map(folder -> Path.of(folder).toAbsolutePath())
          .toList();
    } catch (InvalidPathException unreadable) {
      settings.invalid(Setting.SOURCE_FOLDERS, "must be folders; " + unreadable.getMessage());
      return List.of();
    }
  }

  private URI hub() {
    String text = settings.text(Setting.HUB);
    try {
      URI hub = new URI(text);
      if (List.of("http", "https").contains(hub.getScheme()) && hub.getHost() != null) {
        return hub;
      }
    } catch (URISyntaxException unreadable) {
      // Reported below.
    }
    settings.invalid(Setting.HUB, "must be an address such as https://huggingface.co");
    return SourceRules.HUB;
  }

  /** If other machines can reach the service, {@code openMode} must be explicit. */
  private Tenants tenants(String host) {
    String file = settings.text(Setting.TENANTS);
    boolean open = settings.flag(Setting.OPEN_MODE);
    if (file.isEmpty()) {
      if (!open && !loopback(host)) {
        settings.invalid(
            Setting.BIND_HOST,
            host
                + " lets other machines call, and without API keys every caller is let in; name a"
                + " tenants file (tenants: tenants.yaml, see polyptych key create), or set openMode:"
                + " true if your own gateway stands in front");
      }
      return Tenants.OPEN;
    }
    if (open) {
      settings.invalid(
          Setting.OPEN_MODE, "contradicts tenants, which ask for keys; remove one of them");
    }
    try {
      return TenantsFile.read(Path.of(file));
    } catch (UncheckedIOException | IllegalArgumentException unusable) {
      settings.invalid(Setting.TENANTS, unusable.getMessage());
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

  private List<String> secrets() {
    List<String> secrets = settings.listed(Setting.CALLBACK_SECRET);
    if (secrets.size() > MOST_SECRETS
        || !secrets.stream().allMatch(DispatcherConfigReader::secret)) {
      settings.invalid(
          Setting.CALLBACK_SECRET,
          "must be whsec_ and %d to %d bytes in base 64, as this makes it: echo whsec_$(openssl rand"
                  .formatted(LEAST_SECRET_BYTES, MOST_SECRET_BYTES)
              + " -base64 32); two with a comma between while one replaces the other");
      return List.of();
    }
    return secrets;
  }

  private static boolean secret(String text) {
    try {
      int bytes = Base64.getDecoder().decode(text.replaceFirst("^" + SECRET_PREFIX, "")).length;
      return text.startsWith(SECRET_PREFIX)
          && bytes >= LEAST_SECRET_BYTES
          && bytes <= MOST_SECRET_BYTES;
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  private List<AddressRange> allowed() {
    try {
      return settings.listed(Setting.CALLBACK_ALLOW).stream().map(AddressRange::of).toList();
    } catch (IllegalArgumentException unreadable) {
      settings.invalid(
          Setting.CALLBACK_ALLOW,
          "must be address ranges such as 10.1.0.0/16,fc00::/7; " + unreadable.getMessage());
      return List.of();
    }
  }
}
