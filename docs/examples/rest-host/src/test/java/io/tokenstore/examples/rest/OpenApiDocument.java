package io.tokenstore.examples.rest;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.regex.RegularExpression;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Judges requests and responses by an OpenAPI document, whose patterns an ECMA-262 engine reads. */
final class OpenApiDocument {

    private static final String LOCATION = "https://example.com/openapi.yaml";
    private static final Context JAVA_SCRIPT = Context.newBuilder("js")
            .option("engine.WarnInterpreterOnly", "false")
            .build();

    private final JsonNode document;
    private final SchemaRegistry schemas;

    OpenApiDocument(String yaml) {
        document = YAMLMapper.shared().readTree(yaml);
        SchemaRegistryConfig ecma262 = SchemaRegistryConfig.builder()
                .regularExpressionFactory(OpenApiDocument::pattern)
                .formatAssertionsEnabled(true)
                .build();
        schemas = SchemaRegistry.withDialect(
                Dialects.getOpenApi30(),
                builder -> builder.schemaRegistryConfig(ecma262).schemas(Map.of(LOCATION, yaml)));
    }

    /** What the document has against the parameters and the body of a request to an operation. */
    List<String> objectionsToRequest(String method, String target, String body) {
        Operation operation = operation(method, target);
        List<String> objections = new ArrayList<>();
        operation.parameters().forEach((name, value) -> {
            String schema = child(parameter(operation, name), "schema");
            boolean isNumber = document.at(schema).path("type").asString().equals("integer") && value.matches("-?\\d+");
            objections.addAll(objections(
                    schema, isNumber ? new BigIntegerNode(new BigInteger(value)) : StringNode.valueOf(value)));
        });
        String content = child(operation.pointer(), "requestBody", "content", "application/json", "schema");
        if (!document.at(content).isMissingNode()) {
            objections.addAll(objections(content, body));
        }
        return objections;
    }

    /** What the document has against a response: nothing if its status, headers, content type and body are as it says. */
    List<String> objectionsToResponse(
            String method,
            String target,
            int status,
            Map<String, List<String>> headers,
            String contentType,
            String body) {
        Operation operation = operation(method, target);
        String response = followed(child(operation.pointer(), "responses", Integer.toString(status)));
        String schema = child(response, "content", contentType, "schema");
        if (document.at(schema).isMissingNode()) {
            return List.of("no response " + status + " of " + contentType);
        }
        List<String> objections = new ArrayList<>(objections(schema, body));
        for (String name : document.at(child(response, "headers")).propertyNames()) {
            objections.addAll(objectionsToHeader(
                    child(response, "headers", name), headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of())));
        }
        return objections;
    }

    /** Of several headers of one name, such as a challenge for each scheme, one must be as the document says. */
    private List<String> objectionsToHeader(String pointer, List<String> values) {
        if (values.isEmpty()) {
            return document.at(child(pointer, "required")).asBoolean(false)
                    ? List.of("no header of " + pointer)
                    : List.of();
        }
        List<List<String>> ofEach = values.stream()
                .map(value -> objections(child(pointer, "schema"), StringNode.valueOf(value)))
                .toList();
        return ofEach.stream().anyMatch(List::isEmpty) ? List.of() : ofEach.get(0);
    }

    private record Operation(String pointer, String path, Map<String, String> parameters) {}

    private Operation operation(String method, String target) {
        String[] pathAndQuery = target.split("\\?", 2);
        for (String template : document.get("paths").propertyNames()) {
            String path = child("/paths", template);
            String operation = child(path, method.toLowerCase(Locale.ROOT));
            Matcher segments =
                    Pattern.compile(template.replaceAll("\\{\\w+}", "([^/]+)")).matcher(pathAndQuery[0]);
            if (segments.matches() && !document.at(operation).isMissingNode()) {
                Map<String, String> parameters = new HashMap<>();
                Matcher names = Pattern.compile("\\{(\\w+)}").matcher(template);
                for (int i = 1; names.find(); i++) {
                    parameters.put(names.group(1), decoded(segments.group(i).replace("+", "%2B")));
                }
                if (pathAndQuery.length > 1) {
                    for (String pair : pathAndQuery[1].split("&")) {
                        parameters.put(pair.split("=")[0], decoded(pair.substring(pair.indexOf('=') + 1)));
                    }
                }
                return new Operation(operation, path, parameters);
            }
        }
        throw new AssertionError("no operation for " + method + " " + target);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private String parameter(Operation operation, String name) {
        for (String place : List.of(operation.pointer(), operation.path())) {
            for (int i = 0; i < document.at(child(place, "parameters")).size(); i++) {
                String parameter = followed(child(place, "parameters", Integer.toString(i)));
                if (document.at(child(parameter, "name")).asString().equals(name)) {
                    return parameter;
                }
            }
        }
        throw new AssertionError("no parameter " + name);
    }

    private List<String> objections(String schemaPointer, String body) {
        try {
            return objections(schemaPointer, JsonMapper.shared().readTree(body));
        } catch (JacksonException e) {
            return List.of("no JSON");
        }
    }

    private List<String> objections(String schemaPointer, JsonNode value) {
        return schemas.getSchema(SchemaLocation.of(LOCATION + "#" + schemaPointer)).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    /** As the contract means it: with the flag for Unicode, which the validator's own use of that engine leaves out. */
    private static RegularExpression pattern(String regex) {
        Value test = JAVA_SCRIPT
                .eval("js", "regex => { const p = new RegExp(regex, 'u'); return s => p.test(s); }")
                .execute(regex);
        return value -> test.execute(value).asBoolean();
    }

    private String followed(String pointer) {
        JsonNode reference = document.at(pointer).path("$ref");
        return reference.isMissingNode()
                ? pointer
                : followed(reference.asString().substring(1));
    }

    private static String child(String pointer, String... names) {
        StringBuilder child = new StringBuilder(pointer);
        for (String name : names) {
            child.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        }
        return child.toString();
    }
}
