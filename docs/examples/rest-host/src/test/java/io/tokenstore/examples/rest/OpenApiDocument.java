package io.tokenstore.examples.rest;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.regex.RegularExpression;
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

    /** What the document has against the path parameters and the body of a request to an operation. */
    List<String> objectionsToRequest(String method, String target, String body) {
        Operation operation = operation(method, target);
        List<String> objections = new ArrayList<>();
        operation
                .pathParameters()
                .forEach((name, value) -> objections.addAll(
                        objections(child(parameter(operation, name), "schema"), StringNode.valueOf(value))));
        String content = child(operation.pointer(), "requestBody", "content", "application/json", "schema");
        if (!document.at(content).isMissingNode()) {
            objections.addAll(objections(content, body));
        }
        return objections;
    }

    /** What the document has against a response: nothing where its status, content type and body are as it says. */
    List<String> objectionsToResponse(String method, String target, int status, String contentType, String body) {
        Operation operation = operation(method, target);
        String response = followed(child(operation.pointer(), "responses", Integer.toString(status)));
        String schema = child(response, "content", contentType, "schema");
        return document.at(schema).isMissingNode()
                ? List.of("no response " + status + " of " + contentType)
                : objections(schema, body);
    }

    private record Operation(String pointer, String path, Map<String, String> pathParameters) {}

    private Operation operation(String method, String target) {
        for (String template : document.get("paths").propertyNames()) {
            List<String> names = Pattern.compile("\\{(\\w+)}")
                    .matcher(template)
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            Matcher segments =
                    Pattern.compile(template.replaceAll("\\{\\w+}", "([^/?]+)")).matcher(target);
            String path = child("/paths", template);
            String operation = child(path, method.toLowerCase(Locale.ROOT));
            if (segments.matches() && !document.at(operation).isMissingNode()) {
                Map<String, String> values = new HashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    String encoded = segments.group(i + 1).replace("+", "%2B");
                    values.put(names.get(i), URLDecoder.decode(encoded, StandardCharsets.UTF_8));
                }
                return new Operation(operation, path, values);
            }
        }
        throw new AssertionError("no operation for " + method + " " + target);
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
