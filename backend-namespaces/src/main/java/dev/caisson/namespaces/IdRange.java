package dev.caisson.namespaces;

import java.util.List;

/**
 * A range of user or group ids in a user namespace's map, a line of {@code /proc/PID/uid_map} as in user_namespaces(7).
 *
 * @param inside the first id inside
 * @param outside the first id on the host
 * @param count how many
 */
public record IdRange(Long inside, Long outside, Long count) {

    /** What containers usually get: 65536 ids, far above those of a host's own users. */
    static final List<IdRange> DEFAULT = List.of(new IdRange(0L, 100_000L, 65_536L));

    /** Ids are 32 bits wide, and the last one means "none". */
    private static final long LIMIT = 0xffffffffL;

    /** Checks that every id of the range exists. */
    public IdRange {
        if (inside == null || outside == null || count == null) {
            throw new IllegalArgumentException(
                    "a range of ids is incomplete; write {inside: 0, outside: 100000, count: 65536}");
        }
        if (inside < 0 || outside < 0 || count < 1 || inside > LIMIT - count || outside > LIMIT - count) {
            throw new IllegalArgumentException("a range of " + count + " ids from " + inside + " inside and " + outside
                    + " outside is not possible; ids go from 0 to " + (LIMIT - 1));
        }
    }

    /** Whether some range maps this id of the inside. */
    static boolean maps(List<IdRange> ranges, long id) {
        return ranges.stream().anyMatch(range -> range.inside <= id && id < range.inside + range.count);
    }

    private boolean overlaps(IdRange other) {
        return overlap(inside, other.inside, count, other.count) || overlap(outside, other.outside, count, other.count);
    }

    private static boolean overlap(long first, long second, long firstCount, long secondCount) {
        return first < second + secondCount && second < first + firstCount;
    }

    /** Refuses what the kernel would refuse with a bare EINVAL, and a map without an id 0, which could mount nothing. */
    static void check(String name, List<IdRange> ranges) {
        if (!maps(ranges, 0)) {
            throw new IllegalArgumentException(
                    name + " maps no id 0; the container is prepared by its own root, so begin a range with inside: 0");
        }
        for (int i = 0; i < ranges.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (ranges.get(i).overlaps(ranges.get(j))) {
                    throw new IllegalArgumentException(name + " has ranges that overlap: " + ranges.get(j) + " and "
                            + ranges.get(i) + "; map each id once");
                }
            }
        }
        if (ranges.size() > 340) {
            throw new IllegalArgumentException(
                    name + " has " + ranges.size() + " ranges; the kernel takes at most 340");
        }
    }

    /** The range as the kernel takes it. */
    @Override
    public String toString() {
        return inside + " " + outside + " " + count;
    }
}
