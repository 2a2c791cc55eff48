package weir.proxy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Instant;
import java.util.Objects;
import weir.key.Caller;
import weir.ledger.JobBook;
import weir.observe.JobRecord;
import weir.price.Shelf;
import weir.provider.Answer;
import weir.provider.AnswerShape;
import weir.provider.Endpoint;
import weir.provider.Job;
import weir.provider.Peek;
import weir.provider.UsageReader;
import weir.usage.UsageReport;

/**
 * Work that goes on at a provider after its request: all that is needed to ask how it stands, and
 * to charge for it.
 *
 * @param requestId of the request that began it
 * @param job how it was said to stand
 * @param target path and query of that request, below the provider's name
 * @param headers of questions about it, the caller's credential among them
 * @param beganMillis when that request was over, since the epoch
 * @param endsMillis when its reservation runs out, since the epoch
 */
record Work(
        String requestId,
        Job job,
        Caller caller,
        Account account,
        String target,
        MultiMap headers,
        Endpoint endpoint,
        Peek peek,
        Demand demand,
        Shelf shelf,
        long beganMillis,
        long endsMillis) {
    private static final long ASK_MILLIS = 30_000;

    /** Where the provider tells of this job; path and query below its name. */
    String place(Job of) {
        return of.target(target);
    }

    /** By which a caller's question about it is recognised. */
    JobBook.Name name() {
        return account.work(place(job));
    }

    /** The reader that has seen the provider's answer to its end; fails where it is an error. */
    Future<UsageReader> ask(Lane lane, Job of) {
        return new Inquiry(lane, account, headers)
                .get(place(of), ASK_MILLIS)
                .compose(response -> read(of, response));
    }

    private Future<UsageReader> read(Job of, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return response.end()
                    .compose(e -> Future.failedFuture("status " + response.statusCode()));
        }
        String type = Objects.requireNonNullElse(response.getHeader(Headers.CONTENT_TYPE), "");
        UsageReader reader =
                account.upstream()
                        .provider()
                        .usageReader(
                                Objects.requireNonNullElse(of.readAs(), endpoint),
                                peek,
                                new Answer(AnswerShape.BODY, type, response.headers()));
        response.handler(reader::read);
        return response.end()
                .map(e -> {
                    Buffer unused = reader.end();
                    return reader;
                });
    }

    Charge charge(UsageReport report, Instant now) {
        return Charge.of(report, demand, peek, shelf, now);
    }

    /** Where nobody can tell any more. */
    Charge unanswered(Instant now) {
        return Charge.unanswered(demand, peek, shelf, now);
    }

    JobRecord record(Charge charge, long endedMillis) {
        return new JobRecord(
                requestId,
                account.upstream().name(),
                peek.model(),
                caller.tenant(),
                caller.key(),
                endpoint.name(),
                charge.usage(),
                charge.estimated(),
                charge.amounts().nanoUsd(),
                Math.max(0, endedMillis - beganMillis) * 1_000_000);
    }
}
