package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Unpacks through the system's tar, which keeps links and permissions and spares the tests an archive library. */
final class TarArchive {

    private TarArchive() {}

    static void unpack(InputStream uncompressed, Path folder) throws IOException {
        Process tar = new ProcessBuilder("tar", "-x", "--no-same-owner", "-f", "-", "-C", folder.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream toTar = tar.getOutputStream()) {
            uncompressed.transferTo(toTar);
        }
        String complaint = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = Processes.await(tar);
        if (status != 0) {
            throw new IOException("tar ended with " + status + ": " + complaint);
        }
    }
}
