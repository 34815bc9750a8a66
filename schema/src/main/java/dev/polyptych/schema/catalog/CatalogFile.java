package dev.polyptych.schema.catalog;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads catalogs from YAML, strictly: a key that is unknown or missing is an error. */
public final class CatalogFile {
  /** Name of the default model and of its catalog. */
  public static final String BUILT_IN_MODEL = "nano";

  private static final ObjectReader READER =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .addModule(new Jdk8Module())
          .annotationIntrospector(new OptionalMayBeLeftOut())
          .build()
          .readerFor(Catalog.class);

  private CatalogFile() {}

  /** Requires all components of a record except the {@code Optional} ones. */
  private static final class OptionalMayBeLeftOut extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return !Optional.class.equals(member.getRawType());
    }
  }

  /**
   * @throws UncheckedIOException naming file, line and key, if the file can't be read or is not a
   *     catalog
   */
  public static Catalog read(Path file) {
    try (InputStream yaml = Files.newInputStream(file)) {
      return READER.readValue(yaml);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "catalog " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  /** Whether a catalog of that name comes with Polyptych. */
  public static boolean isBuiltIn(String name) {
    return CatalogFile.class.getResource(name + ".yaml") != null;
  }

  /**
   * A catalog that comes with Polyptych.
   *
   * @param name {@code flux.1-dev}, {@code nano} or {@code tiny}
   */
  public static Catalog builtIn(String name) {
    try (InputStream yaml = CatalogFile.class.getResourceAsStream(name + ".yaml")) {
      if (yaml == null) {
        throw new IllegalArgumentException("there is no built-in catalog called " + name);
      }
      return READER.readValue(yaml);
    } catch (IOException broken) {
      throw new UncheckedIOException("built-in catalog " + name, broken);
    }
  }
}
