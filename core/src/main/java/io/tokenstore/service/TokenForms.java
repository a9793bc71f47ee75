package io.tokenstore.service;

import io.tokenstore.InvalidInputException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Parses what is presented: as a token of our own form, else by the first of the host's formats that takes it. */
record TokenForms(List<TokenFormat> formats) {

    /** As many characters as the authenticator takes from a header. */
    static final int MAX_LENGTH = 1_024;

    /** Parses a whole string; empty if nobody takes it, or if it is of our form and its checksum is wrong. */
    Optional<PresentedToken> parse(String text) {
        Optional<PresentedToken> ours = PresentedToken.parse(text);
        return ours.isPresent() || formats.isEmpty() ? ours : byFormat(text);
    }

    /** Parses what stands behind an index, without a look at the checksum of our form. */
    Optional<PresentedToken> parseUnchecked(String source, int from) {
        Optional<PresentedToken> ours = PresentedToken.parseUnchecked(source, from);
        return ours.isPresent() || formats.isEmpty() ? ours : byFormat(source.substring(from));
    }

    private Optional<PresentedToken> byFormat(String text) {
        // What has our form is a token of ours, a typo or a forgery: no format may take it.
        if (text.isEmpty() || text.length() > MAX_LENGTH || PresentedToken.hasOurForm(text)) {
            return Optional.empty();
        }
        for (TokenFormat format : formats) {
            Optional<TokenFormat.Parsed> parsed = parse(format, text);
            if (parsed.isPresent()) {
                // By an id of ours, the hash of ours would be proved past the prefix that the door accepts.
                return parsed.filter(other -> !PresentedToken.hasFormOfOurs(other.id()))
                        .map(PresentedToken::of);
            }
        }
        return Optional.empty();
    }

    private static Optional<TokenFormat.Parsed> parse(TokenFormat format, String text) {
        Optional<TokenFormat.Parsed> parsed;
        try {
            parsed = format.parse(text);
        } catch (InvalidInputException e) {
            // Our own words, which never repeat the input.
            throw Failures.withoutMessage(failure(format, String.valueOf(e.getMessage())), e);
        } catch (Exception e) {
            throw Failures.withoutMessage(failure(format, e.getClass().getName()), e);
        }
        if (parsed == null) {
            throw new IllegalStateException(failure(format, "it returned null"));
        }
        if (parsed.isPresent() && showsASecret(parsed.get(), text)) {
            throw new IllegalStateException(failure(format, "its id is the whole string or the hash"));
        }
        return parsed;
    }

    private static boolean showsASecret(TokenFormat.Parsed parsed, String text) {
        String id = parsed.id().value();
        return id.equals(text)
                || id.equalsIgnoreCase(HexFormat.of().formatHex(parsed.hash().toBytes()));
    }

    private static String failure(TokenFormat format, String what) {
        return "token format " + format.getClass().getName() + " failed: " + what;
    }
}
