package io.tokenstore.examples.spring;

import io.tokenstore.Violation;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page on which users manage their own tokens. */
@Controller
@RequestMapping("/settings/tokens")
class TokensPage {

    private static final int ROWS = 50;
    /** For how long a token can be rotated, which keeps its name and scopes. */
    private static final Duration RENEWABLE = Duration.ofDays(365);

    private final TokenServices tokens;

    TokensPage(TokenServices tokens) {
        this.tokens = tokens;
    }

    @GetMapping
    String show(Caller caller, @RequestParam(required = false) @Nullable String after, Model model) {
        TokenListing listing = tokens.query()
                .list(caller, caller.name(), new PageRequest(after, ROWS))
                .orElseThrow();
        model.addAttribute("caller", caller);
        model.addAttribute("rows", listing.tokens().stream().map(TokenRow::of).toList());
        model.addAttribute("next", listing.next());
        model.addAttribute("scopes", TokenConfiguration.SCOPES);
        return "tokens";
    }

    // tag::secret[]
    /**
     * Only this answer has the secret: the session does not keep it, nor does a browser, since Spring Security sends no-store.
     */
    @PostMapping
    String create(
            Caller caller,
            @RequestParam String name,
            @RequestParam int days,
            @RequestParam(required = false) @Nullable List<String> scopes,
            Model model,
            HttpServletResponse response) {
        TokenRequest request = TokenRequest.named(name)
                .withTtl(Duration.ofDays(days))
                .withScopes(scopes == null ? List.of() : scopes)
                .withRenewableUntil(Instant.now().plus(RENEWABLE));
        return answer(tokens.issuance().issue(caller, caller.name(), request), caller, model, response);
    }

    @PostMapping("/{id}/rotate")
    String rotate(Caller caller, @PathVariable String id, Model model, HttpServletResponse response) {
        return answer(tokens.issuance().rotate(caller, caller.name(), id, null), caller, model, response);
    }

    private String answer(Result<IssuedToken> result, Caller caller, Model model, HttpServletResponse response) {
        if (result.status() == Status.BAD_REQUEST) {
            response.setStatus(Status.BAD_REQUEST.code());
            model.addAttribute(
                    "problems",
                    result.error().orElseThrow().issues().stream()
                            .map(Violation::message)
                            .toList());
        } else {
            model.addAttribute("issued", result.orElseThrow());
        }
        return show(caller, null, model);
    }
    // end::secret[]

    @PostMapping("/{id}/revoke")
    String revoke(Caller caller, @PathVariable String id, RedirectAttributes flash) {
        Result<?> result = tokens.revocation().revoke(caller, caller.name(), id);
        return told(result, "The token is revoked.", flash, "redirect:/settings/tokens");
    }

    @PostMapping("/revoke-all")
    String revokeAll(Caller caller, RedirectAttributes flash) {
        Result<?> result = tokens.revocation().revokeAll(caller, caller.name(), RevocationRequest.plain());
        return told(result, "All your tokens are revoked.", flash, "redirect:/settings/tokens");
    }

    /** Keeps a message for the page that the browser shows next. A token that has already ended is not the user's mistake. */
    static String told(Result<?> result, String message, RedirectAttributes flash, String page) {
        if (result.status() == Status.NOT_FOUND) {
            flash.addFlashAttribute("message", "The token has ended before.");
        } else {
            result.orElseThrow();
            flash.addFlashAttribute("message", message);
        }
        return page;
    }
}
