package io.tokenstore.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Locale;
import java.util.Set;

/**
 * The file that H2 opens for a path, and that only this process's user can write.
 *
 * <p>Anybody who can write a database file can run code in the process that opens it, since H2 keeps triggers and aliases
 * there.
 */
final class EmbeddedFile {

    static final String SUFFIX = ".mv.db";
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private EmbeddedFile() {}

    /** Returns a key that identifies the file, whatever its name. */
    static String key(Path file) {
        Path database = file.resolveSibling(file.getFileName() + SUFFIX);
        try {
            Object key =
                    Files.readAttributes(database, BasicFileAttributes.class).fileKey();
            return key == null ? database.toString() : key.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the path for H2, without its suffix, of a file that exists and belongs only to this process's user. */
    static Path prepare(Path path) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault() || path.getFileName() == null) {
            throw new IllegalArgumentException("the path of the store must name a file of the default file system");
        }
        Path file = path.toAbsolutePath().normalize();
        requireSameNameToH2(file);
        Path folder = file.getParent();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions("rwx------"));
        }
        Path real = folder.toRealPath().resolve(file.getFileName());
        requireSameNameToH2(real);
        Path database = real.resolveSibling(file.getFileName() + SUFFIX);
        UserPrincipal user = userOfThisProcess(real.getParent());
        requireSafe(real.getParent(), user);
        if (!Files.exists(database, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(database, permissions("rw-------"));
        }
        requireSafe(database, user);
        if (!Files.isRegularFile(database, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(database)) {
            throw new IllegalStateException(
                    database + " is read-only, a link or not a file: the store needs a file that"
                            + " it can write, under its own name");
        }
        return real;
    }

    /** H2 ends a path at a semicolon, reads a backslash as a slash, and adds a suffix. */
    private static void requireSameNameToH2(Path file) {
        String name = file.toString();
        boolean backslash =
                name.indexOf('\\') >= 0 && !file.getFileSystem().getSeparator().equals("\\");
        if (name.indexOf(';') >= 0 || backslash || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the path of the store must not hold a semicolon, a backslash within a name, or a control character");
        }
        if (name.toLowerCase(Locale.ROOT).endsWith(SUFFIX) || file.getFileName() == null) {
            throw new IllegalArgumentException("the path of the store must name a file, without the suffix " + SUFFIX);
        }
    }

    /** Asks the file system, because the JVM knows at most its user's name, and only if the system has one. */
    private static UserPrincipal userOfThisProcess(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "tokens", ".tmp");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static void requireSafe(Path path, UserPrincipal user) throws IOException {
        if (!POSIX) {
            return;
        }
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = found.permissions();
        boolean mine = found.owner().equals(user) || (found.isDirectory() && isRoot(path));
        // A group with the owner's name has only the owner as a member.
        boolean groupWrites = permissions.contains(PosixFilePermission.GROUP_WRITE)
                && !found.group().getName().equals(found.owner().getName());
        boolean othersWrite = permissions.contains(PosixFilePermission.OTHERS_WRITE);
        if (!found.isSymbolicLink() && (!mine || ((groupWrites || othersWrite) && !isSticky(path)))) {
            throw new IllegalStateException(path + " belongs to " + found.owner() + ":" + found.group() + " with "
                    + PosixFilePermissions.toString(permissions) + ", so somebody else than " + user
                    + " can write the store: use a folder that only " + user + " can write, which the store creates if"
                    + " it is missing");
        }
    }

    private static boolean isRoot(Path path) throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }

    /** In a sticky folder such as /tmp nobody can replace another user's file. */
    private static boolean isSticky(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && (mode & 01000) != 0;
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
