package dev.polyptych.k8s;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.polyptych.k8s", importOptions = DoNotIncludeTests.class)
class ImportRulesTest {
  @ArchTest
  static final ArchRule theFilesOfADeploymentNeedNothingOfOurs =
      noClasses()
          .should()
          .dependOnClassesThat(
              Predicates.resideInAPackage("dev.polyptych..")
                  .and(Predicates.resideOutsideOfPackage("dev.polyptych.k8s..")));
}
