package io.tokenstore.examples.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.CreatedBy;
import org.springframework.data.annotation.Id;

/** Something that the API is about; Spring Data fills in who created it. */
record Repo(
        @Id @Nullable Long id,
        String name,
        @CreatedBy @Nullable String createdBy) {

    Repo withId(Long newId) {
        return new Repo(newId, name, createdBy);
    }

    Repo withCreatedBy(String newCreatedBy) {
        return new Repo(id, name, newCreatedBy);
    }
}
