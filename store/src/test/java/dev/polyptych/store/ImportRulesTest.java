package dev.polyptych.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.store", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theStoreNeedsTheContractAndRedis =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.slf4j..",
              "redis.clients..",
              "com.fasterxml.jackson..",
              "dev.polyptych.store..",
              "dev.polyptych.schema..",
              "software.amazon.awssdk..");

  @ArchTest
  static final ArchRule objectsKnowNoRedis =
      classes()
          .that()
          .resideInAPackage("dev.polyptych.store.objects..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "software.amazon.awssdk..", "dev.polyptych.store.objects..");

  @ArchTest
  static final ArchRule onlyObjectsKnowTheSdk =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.polyptych.store.objects..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");
}
