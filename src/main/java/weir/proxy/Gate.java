package weir.proxy;

/**
 * What all event loops see of the outside: the rules in force, and whether new calls are still
 * taken.
 */
public final class Gate {
    private volatile Rules rules;
    private volatile boolean draining;

    public Gate(Rules rules) {
        this.rules = rules;
    }

    public Rules rules() {
        return rules;
    }

    /** New calls follow these from now on; calls in flight keep the rules that they began with. */
    public void replace(Rules changed) {
        rules = changed;
    }

    public boolean draining() {
        return draining;
    }

    /** From now on every new call is refused; there is no way back. */
    public void drain() {
        draining = true;
    }
}
