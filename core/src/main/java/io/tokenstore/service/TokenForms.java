package io.tokenstore.service;

import io.tokenstore.InvalidInputException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Parses a presented string: as a token of our own form, else by the first of the host's formats that accepts it. */
record TokenForms(List<TokenFormat> formats) {

    /** The most characters of a header, and of a string that a format is asked about. */
    static final int MAX_LENGTH = 1_024;

    /** Parses a whole string; empty if it has no known form, or if it has our form and a wrong checksum. */
    Optional<PresentedToken> parse(String text) {
        Optional<PresentedToken> ours = PresentedToken.parse(text);
        return ours.isPresent() || formats.isEmpty() ? ours : byFormat(text);
    }

    /** Parses the text from an index on, without checking the checksum of our form. */
    Optional<PresentedToken> parseUnchecked(String source, int from) {
        Optional<PresentedToken> ours = PresentedToken.parseUnchecked(source, from);
        return ours.isPresent() || formats.isEmpty() ? ours : byFormat(source.substring(from));
    }

    private Optional<PresentedToken> byFormat(String text) {
        // A string of our form is one of our tokens, a typo or a forgery: no format may accept it.
        if (text.isEmpty() || text.length() > MAX_LENGTH || PresentedToken.hasOurForm(text)) {
            return Optional.empty();
        }
        for (TokenFormat format : formats) {
            Optional<TokenFormat.Parsed> parsed = parse(format, text);
            if (parsed.isPresent()) {
                // With one of our ids, a format could confirm our hash without the check of the prefix.
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
            // This message is our own and never repeats the input.
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
