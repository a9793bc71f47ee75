package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs servers as the user nobody when the build runs as root, because PostgreSQL refuses to run as root. */
final class OrdinaryUser {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final String NAME = "nobody";
    private static final List<String> BECOME = List.of("setpriv", "--reuid=" + NAME, "--regid=65534", "--clear-groups");

    private OrdinaryUser() {}

    static List<String> command(List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> asOrdinaryUser = new ArrayList<>(BECOME);
        asOrdinaryUser.addAll(command);
        return asOrdinaryUser;
    }

    static void own(Path folder) throws IOException {
        if (!ROOT) {
            return;
        }
        UserPrincipal owner =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.setOwner(path, owner);
            }
        }
    }
}
