package bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive connection, with one call at a time on it. The request is bytes made beforehand,
 * because what a client library does between a call and its bytes would be measured too.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what cannot be written ends its connection
final class Line extends ChannelInboundHandlerAdapter {
    private static final byte[] BEFORE_TIME =
            Canned.BEFORE_TIME.getBytes(StandardCharsets.US_ASCII);

    private final Consumer<Line> idle;
    private @Nullable Channel channel;
    private Outcome outcome = new Outcome();
    private boolean calling;
    private long due;
    private boolean answered;
    private int status;

    // Where in an event the bytes are: how much of BEFORE_TIME was seen, then the time's digits.
    private int matched;
    private int digits;
    private long sent;
    private long previousDelay;

    /**
     * @param idle is told when a call has ended, well or not
     */
    Line(Consumer<Line> idle) {
        this.idle = idle;
    }

    /** Calls when the connection stands; must be called on the loop. */
    void call(EventLoop loop, int port, ByteBuf request, long dueNanos, Outcome to) {
        calling = true;
        due = dueNanos;
        outcome = to;
        answered = false;
        previousDelay = Long.MIN_VALUE;
        matched = 0;
        Channel open = channel;
        if (open != null && open.isActive()) {
            open.writeAndFlush(request.retainedDuplicate());
            return;
        }
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel fresh) {
                                        fresh.pipeline()
                                                .addLast(new HttpResponseDecoder(), Line.this);
                                    }
                                })
                        .connect("127.0.0.1", port);
        channel = connecting.channel();
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                connecting.channel().writeAndFlush(request.retainedDuplicate());
            } else {
                end("no connection: " + connected.cause().getMessage());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpResponse response) {
                status = response.status().code();
            }
            if (message instanceof HttpContent content) {
                read(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(HttpContent content) {
        long now = System.nanoTime();
        ByteBuf bytes = content.content();
        if (!answered && bytes.isReadable()) {
            answered = true;
            outcome.firstByte.recordValue(Math.max(0, now - due));
        }
        bytes.forEachByte(value -> {
            scan(value, now);
            return true;
        });
        if (content instanceof LastHttpContent) {
            if (status == 200) {
                outcome.total.recordValue(Math.max(0, now - due));
            }
            end(status == 200 ? "" : "status " + status);
        }
    }

    private void scan(byte value, long now) {
        if (matched < BEFORE_TIME.length) {
            if (value == BEFORE_TIME[matched]) {
                matched++;
                digits = 0;
                sent = 0;
            } else {
                matched = value == BEFORE_TIME[0] ? 1 : 0;
            }
        } else if (value >= '0' && value <= '9' && digits < Canned.TIME_DIGITS) {
            sent = sent * 10 + (value - '0');
            digits++;
        } else {
            matched = 0;
            if (digits == Canned.TIME_DIGITS) {
                event(now - sent);
            }
        }
    }

    private void event(long delay) {
        if (previousDelay != Long.MIN_VALUE) {
            outcome.gap.recordValue(Math.abs(delay - previousDelay));
        }
        previousDelay = delay;
    }

    private void end(String failure) {
        if (!calling) {
            return;
        }
        calling = false;
        if (!failure.isEmpty()) {
            outcome.failed(failure);
        }
        idle.accept(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        channel = null;
        end("the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    static ByteBuf shared(byte[] request) {
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(request).asReadOnly());
    }
}
