package io.tokenstore.examples.spring;

import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoaderFactory;
import org.eclipse.jetty.server.handler.EagerContentHandler.FormContentLoaderFactory;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Reads forms without a thread that waits for them, so that a slow client holds only its connection. */
@Component
class SlowForms implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    private static final int MAX_FIELDS = 100;
    private static final int MAX_LENGTH = 16 * 1024;

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            server.insertHandler(new EagerContentHandler(
                    forms(MimeTypes.Type.FORM_ENCODED),
                    forms(MimeTypes.Type.FORM_ENCODED_UTF_8),
                    forms(MimeTypes.Type.FORM_ENCODED_8859_1)));
            server.insertHandler(new KnownCharsets());
        });
    }

    /** Jetty takes a form with a usual charset for a type of its own. */
    private static ContentLoaderFactory forms(MimeTypes.Type type) {
        return new FormContentLoaderFactory(MAX_FIELDS, MAX_LENGTH) {
            @Override
            public String getApplicableMimeType() {
                return type.asString();
            }
        };
    }

    /** Answers 400 to a form in an unknown charset. */
    private static final class KnownCharsets extends Handler.Wrapper {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            try {
                return super.handle(request, response, callback);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST.value());
                return true;
            }
        }
    }
}
