package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Copies and removes folders, which java.nio does for single files only. */
final class FileTree {

    private FileTree() {}

    /** Copies what is accepted, given relative to the source; a file that vanishes meanwhile is left out. */
    static void copy(Path source, Path target, Predicate<Path> accepted) throws IOException {
        try (Stream<Path> paths = Files.walk(source)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path relative = source.relativize(path);
                if (accepted.test(relative)) {
                    copyOne(path, target.resolve(relative));
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static void copyOne(Path path, Path target) throws IOException {
        try {
            Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException vanished) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw vanished;
            }
        }
    }
}
