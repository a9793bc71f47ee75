package io.tokenstore.examples.spring;

import io.tokenstore.TokenId;
import io.tokenstore.service.Caller;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import io.tokenstore.service.WalkProgress;
import java.time.Duration;
import java.util.ArrayList;
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

/** Administrators search the tokens of all users, and revoke them. */
@Controller
@RequestMapping("/admin/tokens")
class SearchPage {

    private static final int ROWS = 50;
    private static final WalkBudget STEP = new WalkBudget(1_000, 1_000, Duration.ofSeconds(1));
    private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();

    private final TokenServices tokens;

    SearchPage(TokenServices tokens) {
        this.tokens = tokens;
    }

    /** A page is a few short walks. It may be empty without being the last. */
    @GetMapping
    String search(
            Caller caller,
            @RequestParam(defaultValue = "") String owner,
            @RequestParam(required = false) @Nullable String after,
            Model model) {
        List<TokenRow> rows = new ArrayList<>();
        TokenId place = TokenId.of(after).orElse(null);
        long begin = System.nanoTime();
        do {
            WalkProgress stands = tokens.query()
                    .search(
                            caller,
                            token -> token.owner().startsWith(owner),
                            place,
                            STEP,
                            (found, soFar) -> found.forEach(token -> rows.add(TokenRow.of(token))))
                    .orElseThrow();
            place = stands.resumeAfter();
        } while (place != null && rows.size() < ROWS && System.nanoTime() - begin < LONGEST_NANOS);
        model.addAttribute("caller", caller);
        model.addAttribute("owner", owner);
        model.addAttribute("rows", rows);
        model.addAttribute("next", place == null ? null : place.value());
        return "search";
    }

    @PostMapping("/{owner}/{id}/revoke")
    String revoke(Caller caller, @PathVariable String owner, @PathVariable String id, RedirectAttributes flash) {
        RevocationRequest request = RevocationRequest.plain().withReason("revoked by an administrator");
        Result<?> result = tokens.revocation().revoke(caller, owner, id, request);
        flash.addAttribute("owner", owner);
        return TokensPage.told(result, "The token is revoked.", flash, "redirect:/admin/tokens");
    }
}
