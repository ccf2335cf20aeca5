package org.mosslsm.it.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between packages point one way, as docs/architecture.md draws them. */
class LayersTest {
    private static final JavaClasses MOSS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.mosslsm");

    /** A room and the rooms of ours it may look into; its own sub-packages are other rooms unless listed. */
    record Room(String name, List<String> itself, List<String> mayUse) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Room> rooms() {
        return List.of(
                room("kv", "org.mosslsm.kv"),
                room("kv.memory", "org.mosslsm.kv.memory", "org.mosslsm.kv"),
                room("kv.txn", "org.mosslsm.kv.txn", "org.mosslsm.kv"),
                room("kv.vfs", "org.mosslsm.kv.vfs", "org.mosslsm.kv"),
                room("kv.lsm.entry", "org.mosslsm.kv.lsm.entry", "org.mosslsm.kv"),
                room("kv.lsm.memtable", "org.mosslsm.kv.lsm.memtable", "org.mosslsm.kv", "org.mosslsm.kv.lsm.entry"),
                room("kv.lsm.wal", "org.mosslsm.kv.lsm.wal", "org.mosslsm.kv", "org.mosslsm.kv.vfs"),
                room(
                        "kv.lsm.table",
                        "org.mosslsm.kv.lsm.table",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.vfs",
                        "org.mosslsm.kv.lsm.entry"),
                room(
                        "kv.lsm.values",
                        "org.mosslsm.kv.lsm.values",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.vfs",
                        "org.mosslsm.kv.lsm.entry",
                        "org.mosslsm.kv.lsm.table"),
                room(
                        "kv.lsm.version",
                        "org.mosslsm.kv.lsm.version",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.vfs",
                        "org.mosslsm.kv.lsm.entry",
                        "org.mosslsm.kv.lsm.table",
                        "org.mosslsm.kv.lsm.values",
                        "org.mosslsm.kv.lsm.wal"),
                room(
                        "kv.lsm.iter",
                        "org.mosslsm.kv.lsm.iter",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.lsm.entry",
                        "org.mosslsm.kv.lsm.memtable",
                        "org.mosslsm.kv.lsm.table",
                        "org.mosslsm.kv.lsm.version"),
                room(
                        "kv.lsm.compact",
                        "org.mosslsm.kv.lsm.compact",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.vfs",
                        "org.mosslsm.kv.lsm.entry",
                        "org.mosslsm.kv.lsm.iter",
                        "org.mosslsm.kv.lsm.table",
                        "org.mosslsm.kv.lsm.values",
                        "org.mosslsm.kv.lsm.version"),
                room(
                        "kv.tool",
                        "org.mosslsm.kv.tool",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.vfs",
                        "org.mosslsm.kv.lsm.entry",
                        "org.mosslsm.kv.lsm.iter",
                        "org.mosslsm.kv.lsm.table",
                        "org.mosslsm.kv.lsm.values",
                        "org.mosslsm.kv.lsm.version",
                        "org.mosslsm.kv.lsm.wal"),
                room("sql.error", "org.mosslsm.sql.error"),
                room("sql.ast", "org.mosslsm.sql.ast"),
                room(
                        "sql.parse",
                        "org.mosslsm.sql.parse",
                        "org.mosslsm.sql.ast",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type", // how values are written: those of literals
                        "org.mosslsm.grammar"),
                room("sql.type", "org.mosslsm.sql.type", "org.mosslsm.sql.error"),
                room("sql.expr", "org.mosslsm.sql.expr", "org.mosslsm.sql.error", "org.mosslsm.sql.type"),
                room(
                        "sql.catalog",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.txn"),
                room(
                        "sql.encode",
                        "org.mosslsm.sql.encode",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.txn"),
                room(
                        "sql.plan",
                        "org.mosslsm.sql.plan",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr"),
                room(
                        "sql.bind",
                        "org.mosslsm.sql.bind",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.sql.plan",
                        "org.mosslsm.sql.ast"),
                room(
                        "sql.optimize",
                        "org.mosslsm.sql.optimize",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.sql.plan",
                        "org.mosslsm.sql.encode"),
                room(
                        "sql.exec.spill",
                        "org.mosslsm.sql.exec.spill",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.kv"),
                room(
                        "sql.exec",
                        "org.mosslsm.sql.exec",
                        "org.mosslsm.sql.exec.spill",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.sql.plan",
                        "org.mosslsm.sql.encode",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.txn"),
                room(
                        "sql.exec.dml",
                        "org.mosslsm.sql.exec.dml",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.sql.plan",
                        "org.mosslsm.sql.encode",
                        "org.mosslsm.sql.exec",
                        "org.mosslsm.sql.exec.spill",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.txn"),
                room(
                        "sql.exec.ddl",
                        "org.mosslsm.sql.exec.ddl",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.sql.plan",
                        "org.mosslsm.sql.encode",
                        "org.mosslsm.sql.exec",
                        "org.mosslsm.sql.exec.spill",
                        "org.mosslsm.sql.exec.dml",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.txn"),
                room(
                        "sql.exec.check",
                        "org.mosslsm.sql.exec.check",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.sql.encode",
                        "org.mosslsm.sql.exec",
                        "org.mosslsm.sql.exec.dml",
                        "org.mosslsm.kv",
                        "org.mosslsm.kv.txn"),
                room(
                        "jdbc",
                        "org.mosslsm.jdbc",
                        "org.mosslsm.sql",
                        "org.mosslsm.sql.error",
                        "org.mosslsm.sql.type",
                        "org.mosslsm.sql.catalog",
                        "org.mosslsm.sql.expr",
                        "org.mosslsm.kv.txn"),
                room("grammar", "org.mosslsm.grammar"),
                room("csv", "org.mosslsm.csv"),
                room("shell", "org.mosslsm.shell", "org.mosslsm.csv"));
    }

    private static Room room(String name, String itself, String... mayUse) {
        return new Room(name, List.of(itself), List.of(mayUse));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomLooksOnlyIntoTheRoomsBelowIt(Room room) {
        String[] allowed = java.util.stream.Stream.concat(room.itself().stream(), room.mayUse().stream())
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(room.itself().get(0))
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are ours and outside " + String.join(", ", allowed),
                        c -> c.getPackageName().startsWith("org.mosslsm")
                                && !c.getPackageName().startsWith("org.mosslsm.shaded")
                                && !List.of(allowed).contains(c.getPackageName())))
                .check(MOSS);
    }

    @Test
    void sqlSeesTheStoreOnlyThroughTheSeam() {
        noClasses()
                .that()
                .resideInAPackage("org.mosslsm.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.mosslsm.kv.lsm..",
                        "org.mosslsm.kv.memory..",
                        "org.mosslsm.kv.vfs..",
                        "java.nio.channels..",
                        "org.mosslsm.jdbc..",
                        "org.mosslsm.shell..")
                .check(MOSS);
    }

    @Test
    void sqlKnowsNoFileAndNoJdbc() {
        noClasses()
                .that()
                .resideInAPackage("org.mosslsm.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "java.nio.file..")
                .check(MOSS);
    }

    @Test
    void theEngineKnowsNoSql() {
        noClasses()
                .that()
                .resideInAPackage("org.mosslsm.kv..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.mosslsm.sql..", "org.mosslsm.jdbc..", "org.mosslsm.grammar..", "java.sql..")
                .check(MOSS);
    }

    /** But for the names of isolation levels, which the session's methods speak. */
    @Test
    void theDriverSeesNothingOfTheStore() {
        noClasses()
                .that()
                .resideInAPackage("org.mosslsm.jdbc..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are below the SQL layer",
                        c -> (c.getPackageName().startsWith("org.mosslsm.kv")
                                        && !c.getFullName().equals("org.mosslsm.kv.txn.Isolation"))
                                || c.getPackageName().startsWith("org.mosslsm.grammar")
                                || c.getPackageName().startsWith("org.mosslsm.shell")))
                .check(MOSS);
    }

    @Test
    void onlyTheVfsTouchesTheDisk() {
        noClasses()
                .that()
                .resideInAPackage("org.mosslsm.kv..")
                .and()
                .resideOutsideOfPackage("org.mosslsm.kv.vfs..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.channels.FileChannel")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.RandomAccessFile")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .check(MOSS);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.mosslsm.(**)")
                .should()
                .beFreeOfCycles()
                .check(MOSS.that(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "ours", c -> !c.getPackageName().startsWith("org.mosslsm.shaded"))));
    }

    @Test
    void thePublicFaceOfTheEngineIsSmall() {
        List<String> faces = MOSS.stream()
                .filter(c -> List.of("org.mosslsm.kv", "org.mosslsm.kv.lsm").contains(c.getPackageName()))
                .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC) && c.isTopLevelClass())
                .map(c -> c.getSimpleName())
                .filter(name -> !name.equals("package-info"))
                .sorted()
                .collect(Collectors.toList());

        assertTrue(faces.size() <= 25, faces.size() + " public types in kv and kv.lsm: " + faces);
    }

    @Test
    void oneClassImplementsTheDriver() {
        TreeMap<String, Boolean> drivers = MOSS.stream()
                .filter(c -> c.isAssignableTo(java.sql.Driver.class))
                .collect(Collectors.toMap(c -> c.getName(), c -> true, (a, b) -> a, TreeMap::new));

        assertTrue(drivers.keySet().equals(java.util.Set.of("org.mosslsm.jdbc.MossDriver")), drivers.toString());
    }

    @Test
    void theDriversPublicFaceIsTheDriver() {
        classes()
                .that()
                .resideInAPackage("org.mosslsm.jdbc")
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveNameMatching("org\\.mosslsm\\.jdbc\\.Moss(Driver|DataSource)")
                .check(MOSS);
    }
}
