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
  static final ArchRule trainingNeedsTheEngineOnly =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.util..",
              "java.io..",
              "java.nio..",
              "java.math..",
              "java.security..",
              "java.awt..",
              "javax.imageio..",
              "ai.djl..",
              "org.slf4j..",
              "com.fasterxml.jackson..",
              "dev.polyptych.training..",
              "dev.polyptych.engine..",
              "dev.polyptych.weights..",
              "dev.polyptych.tokenizers..",
              "dev.polyptych.schema.catalog..",
              "dev.polyptych.schema.json..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.training.(**)").should().beFreeOfCycles();
}
