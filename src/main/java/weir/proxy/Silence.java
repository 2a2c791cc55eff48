package weir.proxy;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which nothing has passed, either way, for a while.
 *
 * <p>Netty's own handler asks the clock at each read, and at each write for a listener that asks it
 * too. Here they leave a mark, and once in a while the connection is looked at: it is closed after
 * once to twice that time.
 */
final class Silence extends ChannelDuplexHandler {
    private final long maxMillis;
    private boolean heard = true;
    private @Nullable Future<?> looks;

    Silence(long maxMillis) {
        this.maxMillis = maxMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        looks =
                context.executor()
                        .scheduleAtFixedRate(
                                () -> look(context), maxMillis, maxMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what cannot be closed is closed already
    private void look(ChannelHandlerContext context) {
        if (!heard) {
            context.channel().close();
        }
        heard = false;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        context.fireChannelRead(message);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        heard = true;
        context.flush();
    }
}
