package dev.polyptych.dispatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.dispatcher", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  private static final String VERTX = "io.vertx..";
  private static final String ROOM = "dev.polyptych.dispatcher.";

  @ArchTest
  static final ArchRule theDispatcherKnowsNeitherTheWorkerNorPyTorch =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.polyptych.worker..",
              "dev.polyptych.engine..",
              "dev.polyptych.client..",
              "dev.polyptych.embedded..",
              "dev.polyptych.cli..",
              "ai.djl.ndarray..",
              "ai.djl.pytorch..");

  @ArchTest
  static final ArchRule onlyTheServersAndTheClientsKnowVertx =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.polyptych.dispatcher", ROOM + "http")
          .and()
          .doNotHaveFullyQualifiedName(ROOM + "callback.CallbackClient")
          .and()
          .haveNameNotMatching("dev\\.polyptych\\.dispatcher\\.source\\.SourceClient.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(VERTX);

  @ArchTest
  static final ArchRule admissionIsPure =
      noClasses()
          .that()
          .resideInAPackage(ROOM + "admission")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..", "redis.clients..", "dev.polyptych.store..", "java.net..");

  @ArchTest
  static final ArchRule onlyEnqueueAndInboxKnowKafka =
      noClasses()
          .that()
          .resideInAPackage("dev.polyptych.dispatcher..")
          .and()
          .resideOutsideOfPackages(ROOM + "enqueue", ROOM + "inbox")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule redisIsTheStoresOwn =
      noClasses()
          .that()
          .resideInAPackage("dev.polyptych.dispatcher..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("redis.clients..");

  @ArchTest
  static final ArchRule theWayThroughThePackagesHasNoCircles =
      slices().matching("dev.polyptych.dispatcher.(*)..").should().beFreeOfCycles();
}
