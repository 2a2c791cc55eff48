package weir.proxy;

/**
 * Runs what a callback has to do so that a bug in it ends its call, instead of leaving it behind.
 */
interface Guard {
    void guarded(Runnable step);
}
