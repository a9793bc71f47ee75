package io.tokenstore.examples.spring;

import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
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
            server.insertHandler(new EagerContentHandler(new FormContentLoaderFactory(MAX_FIELDS, MAX_LENGTH)));
            server.insertHandler(new KnownCharsets());
        });
    }

    /** A form in a charset that nobody knows is the client's fault. */
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
