package io.tokenstore.examples.spring;

import org.springframework.data.repository.ListCrudRepository;

interface Repos extends ListCrudRepository<Repo, Long> {}
