package io.tokenstore.examples.quickstart;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a module may use, and what it shows. Which artifacts it may bring stands in its pom.xml. */
class ArchitectureTest {

    private static final String CORE = "io.tokenstore";
    private static final String KIT = "io.tokenstore.contract";
    private static final String MEMORY = "io.tokenstore.memory";
    private static final String JDBC = "io.tokenstore.jdbc";
    private static final String ANNOTATIONS = "org.jspecify.annotations";

    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(CORE);

    @Test
    void core_uses_the_jdk_slf4j_and_jspecify_alone() {
        assertUsesOnly(CORE, "java..", "org.slf4j", ANNOTATIONS);
    }

    @Test
    void the_memory_store_uses_core_alone() {
        assertUsesOnly(MEMORY, "java..", CORE, ANNOTATIONS);
    }

    @Test
    void the_jdbc_store_uses_core_jdbi_and_h2_alone() {
        assertUsesOnly(JDBC, "java..", "javax.sql", CORE, "org.jdbi.v3..", "org.h2..", ANNOTATIONS);
    }

    @Test
    void the_kit_uses_core_and_a_testers_libraries_alone() {
        assertUsesOnly(KIT, "java..", CORE, "org.junit.jupiter..", "org.assertj.core..", ANNOTATIONS);
    }

    @Test
    void only_the_embedded_store_uses_the_optional_h2() {
        noClasses()
                .that()
                .resideInAPackage(JDBC)
                .and()
                .haveNameNotMatching(".*\\.Embedded(TokenStore|Database)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.h2..")
                .check(CLASSES);
    }

    @Test
    void no_package_depends_on_one_that_depends_on_it() {
        slices().matching("io.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(classes = {TokenStore.class, InMemoryTokenStore.class, JdbcTokenStore.class})
    void a_module_exports_one_package_and_opens_classes_to_jdbi_alone(Class<?> type) throws URISyntaxException {
        Path location =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleDescriptor module = ModuleFinder.of(location)
                .find(type.getPackageName())
                .orElseThrow()
                .descriptor();
        assertThat(module.exports())
                .noneMatch(ModuleDescriptor.Exports::isQualified)
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactly(type.getPackageName());
        assertThat(module.opens())
                .filteredOn(opens ->
                        CLASSES.stream().anyMatch(each -> each.getPackageName().equals(opens.source())))
                .allSatisfy(opens ->
                        assertThat(opens.targets()).isNotEmpty().allMatch(target -> target.startsWith("org.jdbi.v3.")));
    }

    /** A type is public because a host needs it; one that is new belongs into this list, or is not public. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "io.tokenstore: AccessPolicy Action Caller DuplicateTokenException ErrorResponse InvalidInputException Issue"
                        + " IssuedToken PageRequest PurgeBudget PurgePage PurgeProgress Result Revocation RevocationRequest"
                        + " SecretHash Status Token TokenAuthenticator TokenEvents TokenId TokenIssuanceService TokenLifetimes"
                        + " TokenOperationException TokenPage TokenPrefix TokenPurger TokenQueryService TokenRequest"
                        + " TokenRevocationService TokenState TokenStore TokenStoreException TokenSummary Username",
                "io.tokenstore.memory: InMemoryTokenStore",
                "io.tokenstore.jdbc: EmbeddedTokenStore JdbcOptions JdbcTokenStore"
            })
    void a_package_shows_these_types(String packageName, String types) {
        assertThat(CLASSES.stream()
                        .filter(each -> each.getPackageName().equals(packageName))
                        .filter(JavaClass::isTopLevelClass)
                        .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(types.split(" "));
    }

    private static void assertUsesOnly(String packageName, String... others) {
        classes()
                .that()
                .resideInAPackage(packageName)
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAPackage(packageName)
                        .or(JavaClass.Predicates.resideInAnyPackage(others)))
                .check(CLASSES);
    }
}
