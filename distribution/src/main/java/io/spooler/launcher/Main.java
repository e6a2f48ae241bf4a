package io.spooler.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * Runs one instance in the working directory, which is its base: takes the lock, starts the framework with the bundles
 * of the distribution, and waits until it stops. Felix' own main class would do, but it ends with status 0 when it could
 * not start, and waits for ever for a bundle that does not stop.
 *
 * <p>Exit status: 0 after a stop, also by SIGTERM or SIGINT; 1 if the instance could not be started or did not stop in
 * time. Output goes to the standard streams because logging is a bundle.
 */
public final class Main {

    private static final long STOP_SECONDS = 15;

    private final Framework framework;
    private final InstanceLock lock;
    private volatile int status;

    private Main(Framework framework, InstanceLock lock) {
        this.framework = framework;
        this.lock = lock;
    }

    /**
     * Starts and waits.
     *
     * @param arguments none
     * @throws InterruptedException never: nobody interrupts the main thread
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path home = Path.of(System.getProperty("spooler.home", "..")).toAbsolutePath();
        Path base = Path.of("").toAbsolutePath();
        try {
            InstanceLock lock = InstanceLock.take(base);
            Map<String, String> config = new Settings(home, base).framework();
            Main main = new Main(new FrameworkFactory().newFramework(config), lock);
            Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "spooler-stop"));
            main.run(home, config);
        } catch (Refusal e) {
            System.err.println("spooler: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private void run(Path home, Map<String, String> config) throws Refusal, InterruptedException {
        try {
            framework.init();
            new Bundles(framework.getBundleContext(), config).install(home.resolve("bundle"));
            FrameworkEvent end;
            do {
                framework.start();
                end = framework.waitForStop(0);
            } while (end.getType() == FrameworkEvent.STOPPED_UPDATE);
        } catch (BundleException e) {
            status = 1;
            throw new Refusal("the framework does not start: " + e);
        } catch (Refusal e) {
            status = 1;
            throw e;
        }
    }

    /** In the shutdown hook: halts, so that a signal gives the same exit status as any other stop. */
    private void stop() {
        try (lock) {
            framework.stop();
            FrameworkEvent end = framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            if (end.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                System.err.println("spooler: not stopped after " + STOP_SECONDS + " s; ended");
                status = 1;
            }
        } catch (BundleException | IOException | InterruptedException e) {
            System.err.println("spooler: cannot stop: " + e);
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }
}
