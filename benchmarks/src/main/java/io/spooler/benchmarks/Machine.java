package io.spooler.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the virtual machine and Linux say of themselves. */
final class Machine {

    private static final Path CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final Path STATUS = Path.of("/proc/self/status");

    private Machine() {}

    /** Octets that all living threads have allocated since they began. */
    static long allocated() {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long octets : bean.getThreadAllocatedBytes(bean.getAllThreadIds())) {
            sum += Math.max(0, octets);
        }
        return sum;
    }

    /** Nanoseconds of processor time that this process has used. */
    static long processor() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Octets of the heap in use once garbage is gone. */
    static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /**
     * Resident memory.
     *
     * @param key {@code VmRSS} now, {@code VmHWM} at most so far
     * @return octets; 0 where there is no {@code /proc}
     */
    static long resident(String key) throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(key + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    static boolean mayDropCaches() {
        return Files.isWritable(CACHES);
    }

    /** Empties the page cache of the whole machine. */
    static void dropCaches() throws IOException, InterruptedException {
        // What is not written yet cannot be dropped.
        new ProcessBuilder("sync").inheritIO().start().waitFor();
        Files.writeString(CACHES, "3\n");
    }
}
