package dev.caisson.engine.profile;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user: {@code uid}, {@code uid:gid} or {@code root}. */
final class UserShape implements Shape<UserShape.User> {

    /** No name but root: the image's {@code /etc/passwd} belongs to whoever made the image, and is not read. */
    private static final Pattern FORM = Pattern.compile("(root|[0-9]{1,10})(?::(root|[0-9]{1,10}))?");

    private static final String EXAMPLE = "\"1000:1000\"";

    private static final ScalarShape<User> TEXT = ScalarShape.text("a user", EXAMPLE, FORM.pattern(), UserShape::parse);

    /** User and group id, inside. */
    record User(int uid, int gid) {
        static final User ROOT = new User(0, 0);
    }

    @Override
    public User read(Node node) {
        return TEXT.read(node);
    }

    private static User parse(String text) {
        Matcher written = FORM.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException(Quoted.of(text) + " is not a user; write numbers, uid:gid as in "
                    + EXAMPLE + ", since the names in the root file system are not to be trusted");
        }
        int uid = id(written.group(1));
        return new User(uid, written.group(2) == null ? uid : id(written.group(2)));
    }

    private static int id(String text) {
        long id = text.equals("root") ? 0 : Long.parseLong(text);
        if (id > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(text + " is out of range; write 0 to " + Integer.MAX_VALUE);
        }
        return (int) id;
    }

    @Override
    public Map<String, Object> schema() {
        return TEXT.schema();
    }
}
