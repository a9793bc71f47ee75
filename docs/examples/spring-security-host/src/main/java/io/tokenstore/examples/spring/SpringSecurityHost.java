package io.tokenstore.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** A host application whose users log in, manage their access tokens on a page, and call its API with them. */
@SpringBootApplication
@EnableScheduling
public class SpringSecurityHost {

    /**
     * Starts the host.
     *
     * @param arguments Spring's properties, such as {@code --spring.datasource.url=…}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(SpringSecurityHost.class, arguments);
    }
}
