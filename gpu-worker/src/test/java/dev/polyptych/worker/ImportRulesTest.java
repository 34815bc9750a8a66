package dev.polyptych.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.polyptych.worker",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ImportRulesTest {
  private static final String KAFKA = "org.apache.kafka..";
  private static final String REDIS = "redis.clients..";
  private static final String DJL = "ai.djl..";
  private static final String STORE = "dev.polyptych.schema.store..";

  @ArchTest
  static final ArchRule scheduleAndSheetArePure =
      noClasses()
          .that()
          .resideInAnyPackage("..worker.schedule..", "..worker.sheet..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(KAFKA, REDIS, DJL, STORE, "java.net..", "java.nio..", "org.slf4j..");

  @ArchTest
  static final ArchRule theEngineKnowsNothingOfTheCluster =
      noClasses()
          .that()
          .resideInAnyPackage("..worker.model..", "..worker.denoise..", "..worker.adapter..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              KAFKA, REDIS, STORE, "dev.polyptych.schema.topic..", "java.net..", "com.sun.net..");

  @ArchTest
  static final ArchRule onlyEngineAndTrainingKnowDjl =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..worker.model..",
              "..worker.denoise..",
              "..worker.adapter..",
              "..worker.training..",
              "..worker.tune..",
              "..render.flux..",
              "ai.djl..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DJL);

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.worker.(**)").should().beFreeOfCycles();
}
