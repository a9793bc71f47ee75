package io.tokenstore.examples.rest;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/** A host application that serves users' access tokens over HTTP. */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
public class RestHost {

    /**
     * Starts the host.
     *
     * @param arguments Spring's properties, such as {@code --spring.datasource.url=…}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(RestHost.class, arguments);
    }
}
