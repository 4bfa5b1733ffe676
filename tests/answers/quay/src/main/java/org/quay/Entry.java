package org.quay;

/** One movement of goods: what, and how many tonnes. */
public record Entry(String goods, double tonnes) implements Comparable<Entry> {
    public static final double MOST_TONNES = 400.0;

    public boolean isHeavy() {
        return tonnes > MOST_TONNES / 2;
    }

    @Override
    public int compareTo(Entry other) {
        return Double.compare(tonnes, other.tonnes);
    }
}
