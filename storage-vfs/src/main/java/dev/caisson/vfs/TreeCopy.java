package dev.caisson.vfs;

import static dev.caisson.program.Argument.mode;
import static dev.caisson.program.Argument.number;

import dev.caisson.api.Host;
import dev.caisson.api.HostException;
import dev.caisson.program.Argument;
import dev.caisson.program.Op;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies layers into an empty directory, merged.
 *
 * <p>One thread walks the layers' directories, all layers' at once, and makes directories and whatever is no regular file; others copy
 * the regular files. Hard links come after those, as the first name must exist, and the directories' owners, modes and times last, as
 * making something in a directory changes its time. Whatever a layer has under a name, only the topmost layer's is ever looked at, unless
 * it is a directory: what is made is always new, and the way to it consists of directories made here.
 */
final class TreeCopy implements AutoCloseable {

    private static final Path TOP = Path.of("");

    /** PATH_MAX, and so the length of the longest target of a link. */
    private static final int LONGEST_PATH = 4096;

    private final Calls calls;
    private final Metadata metadata;
    private final boolean devices;
    private final List<Layer> layers = new ArrayList<>();
    private final Descriptor root;
    private final Workers workers = new Workers();
    private final Deque<Merged> open = new ArrayDeque<>();
    private final List<Merged> made = new ArrayList<>();
    private final Map<FileId, Path> firstNames = new HashMap<>();
    private final List<HardLink> links = new ArrayList<>();

    private record Layer(Path path, Descriptor root, FileData data) {}

    /** A name in the copy: what the topmost layer that has it has, and for a directory all layers that are merged in it. */
    private static final class Merged {

        private final Path path;
        private final FileStatus status;
        private final List<Layer> layers = new ArrayList<>();
        private boolean complete;

        private Merged(Path path, FileStatus status, Layer top) {
            this.path = path;
            this.status = status;
            this.layers.add(top);
            this.complete = !status.isDirectory();
        }

        /** Merges what the next lower layer has under the name: directories, until one has something else. */
        private void add(FileStatus lower, Layer layer) {
            complete |= !lower.isDirectory();
            if (!complete) {
                layers.add(layer);
            }
        }

        private Layer top() {
            return layers.get(0);
        }

        private Path source() {
            return top().path().resolve(path);
        }
    }

    private record FileId(Layer layer, long device, long inode) {}

    private record HardLink(Path first, Path next) {}

    private TreeCopy(Calls calls, Descriptor root, boolean devices) {
        this.calls = calls;
        this.metadata = new Metadata(calls, new ExtendedAttributes(calls));
        this.root = root;
        this.devices = devices;
    }

    /**
     * Copies layers.
     *
     * @param layers the lowest first
     * @param target an empty directory that nobody else can reach
     * @param devices whether to make device nodes; without a mount of its own nothing would make them harmless
     */
    static void copy(Host host, List<Path> layers, Path target, boolean devices) {
        Calls calls = new Calls(host);
        try (Descriptor root = calls.openRoot(target);
                TreeCopy copy = new TreeCopy(calls, root, devices)) {
            for (int i = layers.size() - 1; i >= 0; i--) {
                Path layer = layers.get(i).toRealPath(); // the profile may name a layer by a link
                copy.layers.add(new Layer(layer, calls.openRoot(layer), new FileData(calls)));
            }
            copy.run();
        } catch (IOException e) {
            throw new HostException("vfs: cannot read a layer: " + e, e);
        }
    }

    /** Waits for the workers first, as they use the layers. */
    @Override
    public void close() {
        workers.close();
        layers.forEach(layer -> layer.root().close());
    }

    private void run() throws IOException {
        if (layers.isEmpty()) {
            return;
        }
        Merged top = new Merged(TOP, FileStatus.of(layers.get(0).path()), layers.get(0));
        for (Layer layer : layers.subList(1, layers.size())) {
            top.add(FileStatus.of(layer.path()), layer);
        }
        open.add(top);
        while (!open.isEmpty()) {
            fill(open.removeLast());
        }
        workers.await();
        links.forEach(this::link);
        for (int i = made.size() - 1; i >= 0; i--) {
            Merged directory = made.get(i);
            try (Descriptor descriptor = openDirectory(directory.path)) {
                metadata.give(descriptor, directory.status, directory.source());
            }
        }
    }

    /** Makes what is in a directory. */
    private void fill(Merged directory) throws IOException {
        made.add(directory);
        try (Descriptor target = openDirectory(directory.path)) {
            for (Map.Entry<Path, Merged> entry : entries(directory).entrySet()) {
                make(target, entry.getKey(), entry.getValue());
            }
        }
    }

    /** The entries of a directory by name. */
    private static Map<Path, Merged> entries(Merged directory) throws IOException {
        Map<Path, Merged> entries = new HashMap<>();
        for (Layer layer : directory.layers) {
            try (DirectoryStream<Path> sources =
                    Files.newDirectoryStream(layer.path().resolve(directory.path))) {
                for (Path source : sources) {
                    Path name = source.getFileName();
                    FileStatus status = FileStatus.of(source);
                    Merged upper = entries.get(name);
                    if (upper == null) {
                        entries.put(name, new Merged(directory.path.resolve(name), status, layer));
                    } else {
                        upper.add(status, layer);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return entries;
    }

    private void make(Descriptor parent, Path name, Merged entry) {
        FileStatus status = entry.status;
        if (status.isDirectory()) {
            calls.call("make", entry.path, "mkdirat", parent.argument(), FileNames.argument(name), mode(0700));
            open.add(entry);
        } else if (status.isDevice() && !devices) {
            return;
        } else if (status.links() > 1 && isFurtherName(entry)) {
            return;
        } else if (status.isRegular()) {
            workers.submit(() -> copyFile(entry));
        } else if (status.isLink()) {
            calls.call("make", entry.path, "symlinkat", target(entry), parent.argument(), FileNames.argument(name));
            metadata.give(parent, name, status, entry.source());
        } else {
            calls.call(
                    "make",
                    entry.path,
                    "mknodat",
                    parent.argument(),
                    FileNames.argument(name),
                    mode(status.type() | 0600),
                    number(status.node()));
            metadata.give(parent, name, status, entry.source());
        }
    }

    /** Whether the file has been met under another name, which this one will be linked to. Never across layers: they know nothing of it. */
    private boolean isFurtherName(Merged entry) {
        FileStatus status = entry.status;
        Path first = firstNames.putIfAbsent(new FileId(entry.top(), status.device(), status.inode()), entry.path);
        if (first != null) {
            links.add(new HardLink(first, entry.path));
        }
        return first != null;
    }

    private void copyFile(Merged entry) {
        try (Descriptor from = calls.open(entry.top().root(), entry.path, "O_RDONLY", "O_NOFOLLOW", "O_CLOEXEC");
                Descriptor to = calls.create(root, entry.path)) {
            entry.top().data().copy(from, to, entry.status.size(), entry.source());
            metadata.give(to, entry.status, entry.source());
        }
    }

    private Argument target(Merged link) {
        byte[] room = new byte[LONGEST_PATH];
        long length = Calls.succeeded(
                "read the link",
                link.source(),
                calls.host()
                        .call(
                                new Op.SystemCall(
                                        "readlinkat",
                                        List.of(
                                                link.top().root().argument(),
                                                FileNames.argument(link.path),
                                                new Argument.Room(room.length),
                                                number(room.length))),
                                room));
        return FileNames.terminated(Arrays.copyOf(room, (int) length));
    }

    private void link(HardLink link) {
        try (Descriptor first = openDirectory(parent(link.first()));
                Descriptor next = openDirectory(parent(link.next()))) {
            calls.call(
                    "link",
                    link.next(),
                    "linkat",
                    first.argument(),
                    FileNames.argument(link.first().getFileName()),
                    next.argument(),
                    FileNames.argument(link.next().getFileName()),
                    number(0));
        }
    }

    private Descriptor openDirectory(Path path) {
        return calls.open(root, path, "O_RDONLY", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC");
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? TOP : parent;
    }
}
