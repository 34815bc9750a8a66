package dev.polyptych.schema.job;

import dev.polyptych.schema.catalog.Layout;
import dev.polyptych.schema.error.FieldProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the references of a request fit its layout. */
final class ReferenceRules {
  private ReferenceRules() {}

  static List<FieldProblem> problems(JobRequest request, Layout layout) {
    List<FieldProblem> problems = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < request.references().size(); i++) {
      int panel = request.references().get(i).panel();
      String field = "references[" + i + "].panel";
      if (panel < Reference.SHEET || panel > layout.panels()) {
        String range = "1 to %d, or 0 for the whole sheet".formatted(layout.panels());
        problems.add(FieldProblem.invalid(field, "there is no panel " + panel + "; give " + range));
      } else if (!seen.add(panel)) {
        problems.add(
            FieldProblem.invalid(field, "panel " + panel + " has a reference already; remove one"));
      }
    }
    boolean sheet = seen.remove(Reference.SHEET);
    if (seen.size() == layout.panels()) {
      problems.add(FieldProblem.invalid("references", "leave at least one panel to draw"));
    }
    if (request.strength().orElse(1) < 1 && !sheet) {
      String remedy =
          "leave it out, or give a picture for the whole sheet, references with panel 0";
      problems.add(FieldProblem.invalid("strength", "below 1 it needs one; " + remedy));
    }
    return problems;
  }
}
