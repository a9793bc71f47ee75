package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpringTransactionsTest {

    @Test
    void the_class_is_the_one_with_which_the_store_is_tested_in_every_phase() throws IOException {
        assertThat(code("src/main/java/io/tokenstore/examples/rest"))
                .isEqualTo(code("../../../jdbc-store/src/test/java/io/tokenstore/jdbc"));
    }

    private static String code(String folder) throws IOException {
        return Files.readString(Path.of(folder, "SpringTransactions.java")).replaceFirst("package .*;", "");
    }
}
