package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Keeps one unpacked copy of a server's binaries for all builds of a user, because unpacking takes longer than starting. */
final class UnpackedBinaries {

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final FileAttribute<Set<PosixFilePermission>> READABLE_BY_ALL =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private UnpackedBinaries() {}

    interface Unpacker {
        void unpack(JarURLConnection resource, Path folder) throws IOException;
    }

    /** The folder that holds what the unpacker makes of the resource; its name carries the resource's checksum. */
    static Path of(String name, String resource, Unpacker unpacker) {
        try {
            JarURLConnection connection = find(resource);
            Path cache = ownedCache();
            Path unpacked = cache.resolve(
                    name + "-" + Long.toHexString(connection.getJarEntry().getCrc()));
            if (!Files.exists(unpacked)) {
                Path staging = Files.createTempDirectory(cache, "unpacking-", READABLE_BY_ALL);
                try {
                    unpacker.unpack(connection, staging);
                    publish(staging, unpacked);
                } finally {
                    FileTree.delete(staging);
                }
            }
            return unpacked;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource, e);
        }
    }

    private static JarURLConnection find(String resource) throws IOException {
        URL url = UnpackedBinaries.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IllegalStateException(
                    resource + " is not on the class path: is there a Maven profile with database binaries for "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch") + "?");
        }
        return (JarURLConnection) url.openConnection();
    }

    /** Another user could have made the folder first and put a program of theirs into it. */
    private static Path ownedCache() throws IOException {
        Path cache = TEMPORARY.resolve("tokenstore-databases-" + System.getProperty("user.name"));
        Path mine = Files.createTempDirectory("tokenstore-owner", READABLE_BY_ALL);
        try {
            Files.createDirectories(cache, READABLE_BY_ALL);
            if (!Files.isDirectory(cache, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(cache, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))) {
                throw new IllegalStateException(cache + " belongs to another user: remove it or set java.io.tmpdir");
            }
            return cache;
        } finally {
            Files.delete(mine);
        }
    }

    /** Another build may have unpacked the same meanwhile. */
    private static void publish(Path staging, Path unpacked) throws IOException {
        try {
            Files.move(staging, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(unpacked)) {
                throw e;
            }
        }
    }
}
