package weir.ledger;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of a script: how it is asked for, and what the answers mean. */
record ScriptCall(Script script, List<String> keys, List<?> args) {
    Request request(Command command, String name) {
        List<Object> all = new ArrayList<>(2 + keys.size() + args.size());
        all.add(name);
        all.add(keys.size());
        all.addAll(keys);
        all.addAll(args);
        return Request.cmd(command, all.toArray());
    }

    /** As scripts unpack numbers: eight bytes each, the least significant first. */
    static Buffer packed(long... numbers) {
        Buffer packed = Buffer.buffer(numbers.length * Long.BYTES);
        for (long number : numbers) {
            packed.appendLongLE(number);
        }
        return packed;
    }

    private static long[] unpacked(Buffer packed) {
        long[] numbers = new long[packed.length() / Long.BYTES];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = packed.getLongLE(i * Long.BYTES);
        }
        return numbers;
    }

    /** One number, a list of numbers, or numbers that are packed. */
    static long[] numbers(@Nullable Response response) {
        if (response == null) {
            throw new LedgerUnavailableException("a script answered nothing");
        }
        if (response.type() == ResponseType.BULK) {
            return unpacked(response.toBuffer());
        }
        long[] numbers = new long[response.type() == ResponseType.MULTI ? response.size() : 1];
        for (int i = 0; i < numbers.length; i++) {
            Response one = response.type() == ResponseType.MULTI ? response.get(i) : response;
            Long number = one == null ? null : one.toLong();
            if (number == null) {
                throw new LedgerUnavailableException("a script answered no number");
            }
            numbers[i] = number;
        }
        return numbers;
    }

    /** Whether this is an error of Redis of that kind. */
    static boolean says(Throwable error, String kind) {
        return error instanceof ErrorType redis && redis.is(kind);
    }

    /** Redis 6 wraps what a script ran into, so the word is not always the first. */
    static boolean isFromReplica(Throwable error) {
        return error instanceof ErrorType redis && redis.toString().contains("READONLY");
    }
}
