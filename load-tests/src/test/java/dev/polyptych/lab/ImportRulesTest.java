package dev.polyptych.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.lab", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule onlyCommandsKnowTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("..lab.command..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "dev.polyptych.lab.command..");

  @ArchTest
  static final ArchRule theSimulatorPlaysDecisionsWithoutAnyBackend =
      noClasses()
          .that()
          .resideInAnyPackage("..lab.simulator..", "..lab.autoscale..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "redis.clients..",
              "io.vertx..",
              "ai.djl..",
              "dev.polyptych.store..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.lab.(**)").should().beFreeOfCycles();
}
