package dev.polyptych.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.cli", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theProductKnowsNoLaboratory =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.polyptych.lab..", "dev.polyptych.nano..");

  @ArchTest
  static final ArchRule onlyCommandsKnowTheCommandLine =
      noClasses()
          .that()
          .resideInAnyPackage("..cli.audit..", "..cli.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "dev.polyptych.cli.command..");
}
