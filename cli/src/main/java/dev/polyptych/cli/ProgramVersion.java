package dev.polyptych.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The release, and the commit that it was built from where the build knew it. */
final class ProgramVersion implements IVersionProvider {
  static final String RELEASE = "polyptych 0.1.0";

  @Override
  public String[] getVersion() throws IOException {
    Properties commit = new Properties();
    try (InputStream written = ProgramVersion.class.getResourceAsStream("commit.properties")) {
      if (written != null) {
        commit.load(written);
      }
    }
    return new String[] {RELEASE + described(commit)};
  }

  private static String described(Properties commit) {
    String id = commit.getProperty("git.commit.id.abbrev", "");
    if (id.isEmpty()) {
      return "";
    }
    boolean changed = Boolean.parseBoolean(commit.getProperty("git.dirty"));
    return " (%s%s, %s)"
        .formatted(id, changed ? " and changes" : "", commit.getProperty("git.commit.time"));
  }
}
