package io.tokenstore.project;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a module may use, and what it shows. Which artifacts it may bring stands in its pom.xml. */
class ArchitectureTest {

    private static final String CORE = "io.tokenstore";
    private static final String SERVICE = "io.tokenstore.service";
    private static final String KIT = "io.tokenstore.contract";
    private static final String MEMORY = "io.tokenstore.memory";
    private static final String JDBC = "io.tokenstore.jdbc";
    private static final String ANNOTATIONS = "org.jspecify.annotations";

    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(CORE);

    @Test
    void what_is_kept_knows_neither_the_services_nor_any_library() {
        assertUsesOnly(CORE, "java..", ANNOTATIONS);
    }

    @Test
    void the_services_use_the_jdk_slf4j_and_jspecify_alone() {
        assertUsesOnly(SERVICE, "java..", CORE, "org.slf4j", ANNOTATIONS);
    }

    @Test
    void the_memory_store_uses_the_first_package_alone() {
        assertUsesOnly(MEMORY, "java..", CORE, ANNOTATIONS);
    }

    @Test
    void the_jdbc_store_uses_the_first_package_jdbi_and_h2_alone() {
        assertUsesOnly(JDBC, "java..", "javax.sql", CORE, "org.jdbi.v3..", "org.h2..", "org.slf4j", ANNOTATIONS);
    }

    @Test
    void the_kit_uses_core_and_a_testers_libraries_alone() {
        assertUsesOnly(
                KIT,
                "java..",
                CORE,
                SERVICE,
                "org.junit.jupiter..",
                "org.opentest4j",
                "org.assertj.core..",
                ANNOTATIONS);
    }

    @Test
    void only_the_embedded_store_uses_the_optional_h2() {
        noClasses()
                .that()
                .resideInAPackage(JDBC)
                .and()
                .haveNameNotMatching(".*\\.(Embedded(TokenStore|Database)|NewestVersion)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.h2..")
                .check(CLASSES);
    }

    @Test
    void no_package_depends_on_one_that_depends_on_it() {
        slices().matching("io.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    static Stream<Arguments> modules() {
        return Stream.of(
                Arguments.of(TokenStore.class, List.of(CORE, SERVICE)),
                Arguments.of(InMemoryTokenStore.class, List.of(MEMORY)),
                Arguments.of(JdbcTokenStore.class, List.of(JDBC)),
                Arguments.of(TokenStoreContract.class, List.of(KIT)));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void a_module_exports_its_packages_and_opens_classes_to_jdbi_and_junit_alone(Class<?> type, List<String> exported)
            throws URISyntaxException {
        Path location =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleDescriptor module = ModuleFinder.of(location)
                .find(type.getPackageName())
                .orElseThrow()
                .descriptor();
        assertThat(module.exports())
                .noneMatch(ModuleDescriptor.Exports::isQualified)
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrderElementsOf(exported);
        assertThat(module.opens())
                .filteredOn(opens ->
                        CLASSES.stream().anyMatch(each -> each.getPackageName().equals(opens.source())))
                .allSatisfy(opens -> assertThat(opens.targets())
                        .isNotEmpty()
                        .allMatch(target -> target.matches("org\\.(jdbi\\.v3|junit\\.platform)\\..*")));
    }

    /** A type is public because a host or a store needs it; one that is new belongs in this list, or is not public. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "io.tokenstore: Actor Actor$Kind DuplicateTokenException InvalidInputException NotSerializable Owner"
                        + " PurgePage Revocation Scopes SecretHash Token Token$Builder TokenId TokenPage TokenState"
                        + " TokenStore TokenStoreException TokenStoreException$Applied TokenUses Violation",
                "io.tokenstore.service: AccessPolicy AccessRequest Action Caller CurrentToken ErrorResponse IssuedToken"
                        + " PageRequest Result RevocationRequest Role Status"
                        + " TokenAuthenticator TokenEvents TokenEvents$AuthenticationFailed"
                        + " TokenEvents$AuthenticationFailed$Reason TokenEvents$Issued TokenEvents$Revoked"
                        + " TokenEvents$Unsuccessful TokenFormat TokenFormat$Parsed TokenIssuanceService"
                        + " TokenListing TokenPurger TokenQueryService TokenRequest TokenRevocationService"
                        + " TokenServices TokenServicesBuilder TokenSummary UnsuccessfulResultException UsernameRule"
                        + " Verdict WalkBudget WalkProgress",
                "io.tokenstore.memory: InMemoryTokenStore",
                "io.tokenstore.jdbc: EmbeddedTokenStore JdbcOptions JdbcTokenStore",
                "io.tokenstore.contract: Rule StoreUnderTest TokenStoreContract AddContract DuplicateContract"
                        + " InstantContract HostileIdContract OwnerContract RetryContract RevokeContract"
                        + " RevokeAllContract VisibilityContract LookContract PurgeRaceContract ListContract"
                        + " ScanContract ActivateContract BatchContract SnapshotContract PurgeContract"
                        + " ArgumentsContract RetentionContract ContentionContract HostTransactionContract"
                        + " TwoNodesContract FailureContract FailureContract$Fate StalenessContract UseRaceContract"
                        + " TokenUsesContract"
            })
    void a_package_shows_these_types(String packageName, String types) {
        assertThat(CLASSES.stream()
                        .filter(each -> each.getPackageName().equals(packageName))
                        .filter(ArchitectureTest::isShown)
                        .map(each -> each.getName().substring(packageName.length() + 1)))
                .containsExactlyInAnyOrder(types.split(" "));
    }

    /** Public, and so is every type that it is in. */
    private static boolean isShown(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isShown).orElse(true);
    }

    @Test
    void a_service_comes_only_from_the_entry_point() {
        assertThat(CLASSES.stream()
                        .filter(each -> each.getPackageName().equals(SERVICE))
                        .filter(each ->
                                each.getSimpleName().matches("Token(Services|\\w+Service|Authenticator|Purger)"))
                        .flatMap(each -> each.getConstructors().stream()))
                .hasSize(6)
                .noneMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PUBLIC));
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
