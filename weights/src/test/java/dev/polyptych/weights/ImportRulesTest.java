package dev.polyptych.weights;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.weights", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  /** No PyTorch, no network, nothing of ours. */
  @ArchTest
  static final ArchRule filesOfWeightsNeedFilesAndJsonOnly =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.util..",
              "java.io..",
              "java.nio..",
              "java.security..",
              "com.fasterxml.jackson..",
              "com.google.re2j..",
              "dev.polyptych.weights..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.weights.(**)").should().beFreeOfCycles();
}
