package io.tokenstore.examples.spring;

import io.tokenstore.service.UnsuccessfulResultException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;

/** The pages that are not about tokens, and the answer if a service refuses a request. */
@Controller
@ControllerAdvice
class HostPages {

    @GetMapping("/login")
    String login() {
        return "login";
    }

    @GetMapping("/")
    String home() {
        return "redirect:/settings/tokens";
    }

    // tag::refused[]
    /** Spring Boot's error page, or its JSON for a client that is not a browser. */
    @ExceptionHandler
    void refused(UnsuccessfulResultException refused, HttpServletResponse response) throws IOException {
        response.sendError(refused.status().code());
    }
    // end::refused[]
}
