package dev.polyptych.training.tune;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The catalog entry of a tuned task: the same task with the new adapter. Each file is read back and
 * compared before it replaces the old one.
 */
public final class CatalogEntry {
  private final Catalog catalog;
  private final Task task;

  /**
   * @param catalog the catalog that contains the task
   * @param adapter name of the new adapter
   */
  public CatalogEntry(Catalog catalog, Task task, String adapter) {
    this.catalog = catalog;
    this.task =
        new Task(
            task.id(),
            task.title(),
            adapter,
            task.layout(),
            task.template(),
            task.defaults(),
            task.example(),
            task.routing());
  }

  /** The entry as YAML, as an item of a list of tasks. */
  public String yaml() {
    return CatalogText.joined(CatalogText.lines(task, 2));
  }

  /** Writes a catalog with only this task. */
  public void writeAlone(Path file) {
    Catalog alone = catalog.withTasks(List.of(task));
    write(file, CatalogText.of(alone), alone);
  }

  /**
   * Replaces or adds the task's entry in a catalog file. If entries are written as in the built-in
   * catalogs, {@code - id:} first, the rest of the file stays as it is, including comments.
   * Otherwise the whole file is rewritten without comments.
   */
  public void update(Path file) {
    Catalog wanted = wanted(CatalogFile.read(file));
    try {
      String text = Files.readString(file);
      try {
        write(file, CatalogText.joined(edited(text.lines().toList())), wanted);
      } catch (UnexpectedCatalogException unusual) {
        write(file, CatalogText.of(wanted), wanted);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("can't read " + file + ": " + failed, failed);
    }
  }

  private Catalog wanted(Catalog old) {
    List<Task> tasks = new ArrayList<>(old.tasks());
    int place = old.taskIds().indexOf(task.id());
    if (place < 0) {
      tasks.add(task);
    } else {
      tasks.set(place, task);
    }
    return old.withTasks(tasks);
  }

  /** The lines with the new entry in place of the old one, or at the end. */
  private List<String> edited(List<String> lines) {
    Pattern item = Pattern.compile("( *)- +id: *[\"']?([^\"'#\\s]+)[\"']? *(#.*)?");
    int indent = 2;
    int from = lines.size();
    for (int i = 0; i < lines.size(); i++) {
      Matcher found = item.matcher(lines.get(i));
      if (found.matches()) {
        indent = found.group(1).length();
        if (found.group(2).equals(task.id())) {
          from = i;
          break;
        }
      }
    }
    List<String> edited = new ArrayList<>(lines.subList(0, from));
    edited.addAll(CatalogText.lines(task, indent));
    edited.addAll(lines.subList(end(lines, from, indent), lines.size()));
    return edited;
  }

  /**
   * End of the entry that begins at a line. Blank lines and comments after it don't belong to it.
   */
  private static int end(List<String> lines, int from, int indent) {
    int end = Math.min(from + 1, lines.size());
    for (int i = end; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean silent = line.isBlank() || line.strip().startsWith("#");
      if (!silent && !line.startsWith(" ".repeat(indent + 1))) {
        break;
      }
      end = silent ? end : i + 1;
    }
    return end;
  }

  private static void write(Path file, String text, Catalog wanted) {
    WholeFile.write(
        file,
        part -> {
          try {
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
          } catch (IOException failed) {
            throw new UncheckedIOException("can't write " + part + ": " + failed, failed);
          }
          if (!readBack(part).equals(wanted)) {
            throw new UnexpectedCatalogException(null);
          }
        });
  }

  private static Catalog readBack(Path part) {
    try {
      return CatalogFile.read(part);
    } catch (UncheckedIOException unreadable) {
      throw new UnexpectedCatalogException(unreadable);
    }
  }

  /** The written text does not mean the intended catalog. */
  private static final class UnexpectedCatalogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedCatalogException(Throwable cause) {
      super("the written catalog does not read back as intended", cause);
    }
  }
}
