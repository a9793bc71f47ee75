package io.tokenstore.examples.rest;

import io.tokenstore.service.ErrorResponse;
import io.tokenstore.service.Status;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** What the server refuses before Spring sees it, such as a header that is too long, is one of the contract's answers too. */
final class JettyErrorResponses extends ErrorHandler {

    private final JsonMapper json;

    JettyErrorResponses(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        Status status = ErrorResponses.statusOf(code);
        response.setStatus(status.code());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MimeTypes.Type.APPLICATION_JSON.asString());
        byte[] body = json.writeValueAsBytes(ErrorResponse.of(status, List.of()));
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
