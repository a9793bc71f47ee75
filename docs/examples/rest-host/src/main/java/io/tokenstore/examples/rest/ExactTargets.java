package io.tokenstore.examples.rest;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Lets every path reach the controller: a token id is any string, and it is the service that answers for each.
 *
 * <p>Nothing here is guarded by its path: the services decide who may do what by the very strings that they look up. A host
 * that has rules for paths leaves the server's own refusals in place.
 */
final class ExactTargets extends HttpConnectionFactory {

    /** Encoded slashes and dots, malformed UTF-8 and the like; without {@code %u0041}, which Spring can't decode. */
    private static final UriCompliance ANY_PATH = UriCompliance.UNSAFE.without("ANY_PATH", Violation.UTF16_ENCODINGS);

    ExactTargets(HttpConfiguration configuration) {
        super(configuration);
        configuration.setUriCompliance(ANY_PATH);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new HttpConnection(getHttpConfiguration(), connector, endPoint) {
            @Override
            protected HttpStreamOverHTTP1 newHttpStream(String method, String target, HttpVersion version) {
                return super.newHttpStream(method, readable(target), version);
            }
        };
        return configure(connection, connector, endPoint);
    }

    /**
     * Jetty refuses NUL whatever it is told, so it becomes what malformed UTF-8 becomes, U+FFFD, which is in no username and no
     * token id either. A semicolon is part of its segment (RFC 3986, section 3.3); Spring would cut the segment there.
     */
    private static String readable(String target) {
        return target.replace("%00", "%EF%BF%BD").replace(";", "%3B");
    }
}
