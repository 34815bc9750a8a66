package dev.polyptych.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** All modules are on this module's class path, so the rules between modules are checked here. */
@AnalyzeClasses(packages = "dev.polyptych", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule schemaKnowsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("dev.polyptych.schema..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.polyptych.dispatcher..",
              "dev.polyptych.worker..",
              "dev.polyptych.embedded..",
              "dev.polyptych.cli..");

  @ArchTest
  static final ArchRule dispatcherAndWorkerMeetOnlyInTheSchema =
      slices()
          .matching("dev.polyptych.(dispatcher|worker|embedded)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule messagesKnowNoFramework =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.polyptych.schema.job..",
              "dev.polyptych.schema.catalog..",
              "dev.polyptych.schema.error..",
              "dev.polyptych.schema.routing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "redis..", "ai.djl..");

  @ArchTest
  static final ArchRule packagesOfTheSchemaPointOneWay =
      slices().matching("dev.polyptych.schema.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyCommandsKnowTheCommandLine =
      noClasses()
          .that()
          .resideInAnyPackage("dev.polyptych.cli.client..", "dev.polyptych.cli.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "dev.polyptych.cli.command..");
}
