package dev.polyptych.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.training", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule trainingNeedsTheEngineAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.imageio..",
              "ai.djl..",
              "com.fasterxml.jackson..",
              "org.slf4j..",
              "dev.polyptych.training..",
              "dev.polyptych.engine..",
              "dev.polyptych.weights..",
              "dev.polyptych.tokenizers..",
              "dev.polyptych.schema.catalog..",
              "dev.polyptych.schema.json..",
              "dev.polyptych.schema.picture..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.training.(**)").should().beFreeOfCycles();
}
