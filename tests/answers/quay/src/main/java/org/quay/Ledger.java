package org.quay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was loaded and unloaded, in the order it happened. */
public class Ledger implements Iterable<Entry> {
    private final List<Entry> entries = new ArrayList<>();

    /** Add one line at the end. */
    public void append(Entry entry) {
        entries.add(entry);
    }

    public Optional<Entry> last() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    @Override
    public java.util.Iterator<Entry> iterator() {
        return entries.iterator();
    }

    /** A ledger that can be closed for the year. */
    public static class Sealed extends Ledger {
        @Override
        public void append(Entry entry) {
            throw new IllegalStateException("sealed");
        }
    }
}
