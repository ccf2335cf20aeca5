package org.mosslsm.kv.txn;

/** A position in a {@link SpilledRun}, which whoever made the cursor holds. Thread safety: one thread at a time. */
final class RunCursor implements WriteCursor {
    private final SpilledRun run;
    private final RunBlock block = new RunBlock();
    private int at = -1; // in the block; -1 for nowhere
    private byte[] key; // of the entry at hand, once it was asked for
    private byte[] value;

    RunCursor(SpilledRun run) {
        this.run = run;
    }

    @Override
    public boolean valid() {
        return at >= 0;
    }

    @Override
    public byte[] key() {
        if (key == null) {
            key = block.key(at);
        }
        return key;
    }

    @Override
    public byte[] value() {
        if (value == null) {
            value = block.value(at);
        }
        return value;
    }

    private void to(int index) {
        at = index;
        key = null;
        value = null;
    }

    @Override
    public void leave() {
        to(-1);
    }

    @Override
    public void first() {
        run.load(block, 0);
        to(0);
    }

    @Override
    public void last() {
        run.load(block, run.blocks() - 1);
        to(block.size() - 1);
    }

    @Override
    public void ceiling(byte[] bound) {
        run.load(block, run.blockOf(bound));
        int i = block.lowerBound(bound);
        to(i == block.size() ? i - 1 : i);
        if (i == block.size()) {
            next();
        }
    }

    @Override
    public void lower(byte[] bound) {
        run.load(block, run.blockOf(bound));
        to(block.lowerBound(bound));
        prev();
    }

    @Override
    public void next() {
        if (at + 1 < block.size()) {
            to(at + 1);
        } else if (block.number() + 1 < run.blocks()) {
            run.load(block, block.number() + 1);
            to(0);
        } else {
            to(-1);
        }
    }

    @Override
    public void prev() {
        if (at > 0) {
            to(at - 1);
        } else if (block.number() > 0) {
            run.load(block, block.number() - 1);
            to(block.size() - 1);
        } else {
            to(-1);
        }
    }
}
