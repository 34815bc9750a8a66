package dev.polyptych.schema;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.schema", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theContractNeedsJsonAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "dev.polyptych.schema..", "com.fasterxml.jackson..");

  /** The engine uses these packages. They must not lead it to jobs or workers. */
  @ArchTest
  static final ArchRule tasksAndPicturesKnowNoJobs =
      classes()
          .that()
          .resideInAnyPackage("..schema.catalog..", "..schema.picture..", "..schema.json..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.fasterxml.jackson..",
              "dev.polyptych.schema.catalog..",
              "dev.polyptych.schema.error..",
              "dev.polyptych.schema.json..",
              "dev.polyptych.schema.picture..");

  /** Requests of jobs name adapters, so the registry must not know jobs. */
  @ArchTest
  static final ArchRule theRegistryKnowsNoJobs =
      noClasses()
          .that()
          .resideInAPackage("..schema.registry..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..schema.job..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.schema.(**)").should().beFreeOfCycles();
}
