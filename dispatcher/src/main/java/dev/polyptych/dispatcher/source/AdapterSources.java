package dev.polyptych.dispatcher.source;

import dev.polyptych.dispatcher.address.Target;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import dev.polyptych.store.objects.S3Objects;
import dev.polyptych.store.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the bytes of an adapter from {@code https://…}, {@code s3://bucket/key}, {@code
 * hf://owner/repo/path/file.safetensors@revision} or {@code file:///…} into a temporary file. Any
 * thread may use it; it blocks.
 */
public final class AdapterSources {
  private static final Logger LOG = LoggerFactory.getLogger(AdapterSources.class);
  private static final String FIELD = "source";
  private static final int BUFFER_BYTES = 64 * 1024;

  private static final Pattern BUCKET =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024})");
  private static final String HUB_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}";
  private static final Pattern HUB_FILE =
      Pattern.compile(
          "hf://(%s)/(%s)/([^@?#]{1,500}?)(?:@([A-Za-z0-9_][A-Za-z0-9._/-]{0,199}))?"
              .formatted(HUB_NAME, HUB_NAME));

  private final SourceRules rules;
  private final WebSource web;
  private final Path folder;

  /**
   * @param folder takes the temporary files
   */
  public AdapterSources(SourceRules rules, SourceClient client, Path folder) {
    this(rules, client, folder, InetAddress::getAllByName);
  }

  AdapterSources(SourceRules rules, SourceClient client, Path folder, Target.Names names) {
    this.rules = rules;
    this.web = new WebSource(rules, client, names);
    this.folder = folder;
  }

  /**
   * Fetches a file. If it breaks off, it is fetched once more from its beginning.
   *
   * @param sha256 that its bytes must have, in hexadecimal; empty for any
   * @throws IOException if no temporary file can be made
   */
  public Fetched fetch(String source, Optional<String> sha256)
      throws IOException, InterruptedException {
    try {
      try {
        return fetched(source, sha256);
      } catch (SourceException broken) {
        if (!broken.brokeOff()) {
          throw broken;
        }
        LOG.info("a source {}; it is fetched once more", broken.getMessage());
        return fetched(source, sha256);
      }
    } catch (SourceException failed) {
      FieldProblem problem = FieldProblem.invalid(FIELD, failed.getMessage());
      return failed.passing() ? new Fetched.Unavailable(problem) : new Fetched.Refused(problem);
    }
  }

  private Fetched fetched(String source, Optional<String> sha256)
      throws IOException, SourceException, InterruptedException {
    try (ArrivingFile file = new ArrivingFile(folder, rules.mostBytes(), rules.timeout())) {
      read(source, file);
      return file.finished(sha256);
    }
  }

  private void read(String source, ArrivingFile file) throws SourceException, InterruptedException {
    int colon = source.indexOf(':');
    switch (colon < 0 ? "" : source.substring(0, colon).toLowerCase(Locale.ROOT)) {
      case "https", "http" -> web.fetch(url(source), Optional.empty(), file);
      case "hf" -> web.fetch(hubUrl(source), rules.hubToken(), file);
      case "s3" -> readBucket(source, file);
      case "file" -> readFolder(source, file);
      default ->
          throw SourceException.refused(
              "must begin with https://, s3://, hf:// or file:; write for example"
                  + " hf://owner/repo/file.safetensors@main");
    }
  }

  private static URI url(String source) throws SourceException {
    try {
      return new URI(source);
    } catch (URISyntaxException unreadable) {
      throw SourceException.refused(
          "is no address: write https://host/path, with %20 for a space and the like");
    }
  }

  private URI hubUrl(String source) throws SourceException {
    Matcher parts = HUB_FILE.matcher(source);
    boolean climbs =
        source.matches(".*(/|@)\\.{1,2}(/.*|@.*|$)") || source.indexOf("//", "hf://".length()) >= 0;
    if (!parts.matches() || climbs) {
      throw SourceException.refused(
          "is no file of the Hub; write hf://owner/repo/path/file.safetensors@revision");
    }
    String revision = Optional.ofNullable(parts.group(4)).orElse("main");
    String path =
        "/%s/%s/resolve/%s/%s"
            .formatted(parts.group(1), parts.group(2), revision.replace("/", "\0"), parts.group(3));
    try {
      String escaped = new URI(null, null, path, null).getRawPath().replace("%00", "%2F");
      return URI.create(rules.hub().toString().replaceAll("/+$", "") + escaped);
    } catch (URISyntaxException unreadable) {
      throw SourceException.refused(
          "is no file of the Hub; write hf://owner/repo/path/file.safetensors@revision");
    }
  }

  private void readBucket(String source, ArrivingFile file) throws SourceException {
    Matcher parts = BUCKET.matcher(source);
    if (!parts.matches()) {
      throw SourceException.refused("is no object of a bucket; write s3://bucket/key");
    }
    if (!rules.buckets().contains(parts.group(1))) {
      throw SourceException.refused(
          "is in a bucket that this server may not read for callers; have the operator list the"
              + " bucket, or upload the file");
    }
    try (S3Objects bucket =
            S3Objects.open(URI.create("s3://" + parts.group(1)), rules.s3Endpoint());
        StoredObject object =
            bucket
                .open(parts.group(2))
                .orElseThrow(
                    () -> SourceException.refused("does not exist; look at bucket and key"))) {
      file.expect(object.length());
      copy(object.bytes(), file);
      if (file.bytes() != object.length()) {
        throw SourceException.passing(
            "broke off after %d of %d bytes; try again".formatted(file.bytes(), object.length()));
      }
    } catch (ObjectsUnavailableException | IllegalStateException | IOException away) {
      LOG.warn("a source in a bucket can't be read: {}", away.getMessage());
      throw SourceException.passing(
          "can't be read from its bucket now (%d bytes came); try again, or have the operator look at the log"
              .formatted(file.bytes()));
    }
  }

  /** Only below the allowed folders, after all links are followed. */
  private void readFolder(String source, ArrivingFile file) throws SourceException {
    SourceException none =
        SourceException.refused(
            "is no file in a folder that the operator allows; write file:///folder/file, or upload"
                + " the file");
    try {
      Path real = Path.of(localUri(source)).toRealPath();
      boolean allowed = false;
      for (Path each : rules.folders()) {
        allowed |= Files.isDirectory(each) && real.startsWith(each.toRealPath());
      }
      if (!allowed || !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw none;
      }
      file.expect(Files.size(real));
      try (InputStream bytes = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
        copy(bytes, file);
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      LOG.info("a source in a folder can't be read: {}", unreadable.getClass().getSimpleName());
      throw none;
    }
  }

  private static URI localUri(String source) {
    URI uri = URI.create(source);
    if (uri.isOpaque() || uri.getRawAuthority() != null || uri.getRawPath().contains("%00")) {
      throw new InvalidPathException(source, "no path of this machine");
    }
    return uri;
  }

  private static void copy(InputStream bytes, ArrivingFile file)
      throws IOException, SourceException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
      file.take(ByteBuffer.wrap(buffer, 0, count));
    }
  }
}
