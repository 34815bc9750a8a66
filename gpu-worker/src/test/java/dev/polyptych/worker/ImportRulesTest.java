package dev.polyptych.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.worker", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theWorkerKnowsNeitherTheDispatcherNorItsFrameworks =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.polyptych.dispatcher..",
              "dev.polyptych.client..",
              "dev.polyptych.embedded..",
              "dev.polyptych.cli..",
              "io.vertx..");

  @ArchTest
  static final ArchRule redisIsTheStoresOwn =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("redis.clients..");

  @ArchTest
  static final ArchRule onlyTheFluxEngineKnowsDjl =
      noClasses()
          .that()
          .resideOutsideOfPackage("..render.flux..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("dev.polyptych.worker.(**)").should().beFreeOfCycles();
}
