package dev.polyptych.nano;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.polyptych.nano",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theWorldIsPure =
      noClasses()
          .that()
          .resideInAPackage("..nano.world..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.djl..",
              "org.apache.kafka..",
              "redis.clients..",
              "dev.polyptych.schema..",
              "dev.polyptych.engine..",
              "java.net..",
              "java.nio..");

  @ArchTest
  static final ArchRule nanoNeedsTrainingAlone =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.polyptych.worker..",
              "dev.polyptych.dispatcher..",
              "dev.polyptych.store..",
              "dev.polyptych.cli..",
              "org.apache.kafka..",
              "redis.clients..");

  @ArchTest
  static final ArchRule packagesPointOneWay =
      slices().matching("dev.polyptych.nano.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobodyNeedsAFont =
      noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.awt.Font");
}
