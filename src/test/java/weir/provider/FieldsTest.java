package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FieldsTest {
    private static Fields.Handler<List<String>> note(String path) {
        return (notes, token, parser) -> notes.add(path + "=" + parser.getText());
    }

    private static Fields<List<String>> fields(String... paths) {
        Fields.Builder<List<String>> builder = new Fields.Builder<>();
        for (String path : paths) {
            builder.on(path, note(path));
        }
        return builder.build();
    }

    private static List<String> walk(Fields<List<String>> fields, String json) {
        List<String> notes = new ArrayList<>();
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertTrue(Json.walk(fields, notes, bytes, bytes.length));
        return notes;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a | {'a':1} | a=1",
                "a | {'a':{'a':1}} | a={",
                "a | {'b':{'a':1},'a':2} | a=2",
                "a.b | {'a':{'b':1,'c':{'b':2}},'b':3} | a.b=1",
                "a.b | {'a':[{'b':1}]} | ``",
                "a[] | {'a':[1,[2],{'a':[3]}]} | a[]=1;a[]=[;a[]={",
                "a[].b | {'a':[{'b':1},{'c':2},{'b':3}],'b':4} | a[].b=1;a[].b=3",
                "a.**.b | {'b':0,'a':{'b':1,'c':[[{'b':2}]]}} | a.**.b=1;a.**.b=2",
                "a.**.b | {'a':{'d':{'b':{'b':3}}}} | a.**.b={;a.**.b=3",
                "a.**.b.c | {'a':[{'b':{'c':1,'x':{'b':{'c':2}}}}]} | a.**.b.c=1;a.**.b.c=2",
                "a.**.b.c | {'a':[{'c':3}]} | ``",
            })
    void paths(String path, String json, String expected) {
        assertEquals(
                expected.isEmpty() ? List.of() : List.of(expected.split(";", -1)),
                walk(fields(path), json));
    }

    @Test
    void manyPathsAtOnce() {
        assertEquals(
                List.of("a.b=1", "a.c[].d=2", "e={", "e.f=3"),
                walk(
                        fields("a.b", "a.c[].d", "e", "e.f", "g"),
                        "{'x':[{}],'a':{'b':1,'c':[{'d':2}]},'e':{'f':3}}"));
    }

    @Test
    void closedPlacesAreNotSearched() {
        Fields<List<String>> fields =
                new Fields.Builder<List<String>>().on("a.**.b", note("b")).closed("a.**.c").build();
        assertEquals(
                List.of("b=1", "b=4"),
                walk(fields, "{'a':[{'b':1,'c':{'b':2,'d':[{'b':3}]},'e':{'b':4}}]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "{'a':1,'b':{'c':1}} | none",
                "{'a':1,'a':1} | a",
                "{'b':{},'b':{}} | b",
                "{'b':{'c':1,'c':2}} | b.c",
                "{'x':1,'x':2,'d':[{'e':1,'e':2}]} | none",
                "{'x':{'a':1},'a':2} | none",
            })
    void repeatedFields(String json, String path) throws IOException {
        Fields.Walk<List<String>> walk = fields("a", "b.c", "d[].e").walk(new ArrayList<>());
        try (JsonParser parser = Json.FACTORY.createParser(json.replace('\'', '"'))) {
            for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
                walk.accept(t, parser);
            }
        }
        assertTrue(walk.done());
        assertEquals(path, walk.repeated());
    }

    @Test
    void stopsBeingDoneOnlyAtTheEnd() {
        byte[] cut = "{\"a\":[1,2".getBytes(StandardCharsets.UTF_8);
        assertFalse(Json.walk(fields("a"), new ArrayList<>(), cut, cut.length));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "7,7",
        "-7,0",
        "1.5,2",
        "2.0,2",
        "1e3,1000",
        "1e-9,1",
        "1e-2147483647,1",
        "-1e99,0",
        "1e99,1000000000000",
        "9999999999999,1000000000000",
        "99999999999999999999,1000000000000",
        "-99999999999999999999,0",
        "1e99999999999,-1",
        "-1e99999999999,-1",
        "true,-1",
        "null,-1",
        "'\"5\"',-1",
        "0.0,0",
        "1e2147483647,1000000000000"
    })
    void counts(String json, long expected) throws IOException {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            assertEquals(expected, Json.count(parser.nextToken(), parser));
        }
    }
}
