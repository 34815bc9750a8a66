package dev.polyptych.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.embedded", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theBackendsNeedNothingOfOurs =
      noClasses()
          .should()
          .dependOnClassesThat(
              Predicates.resideInAPackage("dev.polyptych..")
                  .and(Predicates.resideOutsideOfPackage("dev.polyptych.embedded..")));
}
