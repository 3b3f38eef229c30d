// A container from Java. As root, after bin/caisson has built:
//
//   java -cp 'cli/target/dist/lib/*' examples/java/Hello.java

import dev.caisson.engine.Caisson;
import dev.caisson.engine.Container;
import dev.caisson.engine.profile.Profile;

class Hello {
    public static void main(String[] arguments) throws Exception {
        Profile profile = Profile.builder()
                .hostPrograms("sh", "hostname")
                .memory("64MiB")
                .command("sh", "-c", "echo hello from $(hostname)")
                .build();
        try (Container container = Caisson.open().start(profile)) {
            container.stdout().transferTo(System.out);
            System.out.println(container.waitFor());
        }
    }
}
