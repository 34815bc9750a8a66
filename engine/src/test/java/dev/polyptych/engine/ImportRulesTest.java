package dev.polyptych.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.engine", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theEngineIsALibraryWithoutNetworkOrCluster =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.util..",
              "java.io..",
              "java.nio..",
              "java.time..",
              "java.awt..",
              "javax.imageio..",
              "ai.djl..",
              "com.fasterxml.jackson..",
              "com.google.errorprone.annotations..",
              "org.slf4j..",
              "dev.polyptych.engine..",
              "dev.polyptych.weights..",
              "dev.polyptych.tokenizers..",
              "dev.polyptych.schema.catalog..",
              "dev.polyptych.schema.picture..",
              "dev.polyptych.schema.json..");

  @ArchTest
  static final ArchRule sheetsPicturesAndPlansNeedNoPyTorch =
      noClasses()
          .that()
          .resideInAnyPackage("..engine.sheet..", "..engine.image..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.engine.(**)").should().beFreeOfCycles();
}
