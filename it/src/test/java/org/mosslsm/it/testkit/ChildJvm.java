package org.mosslsm.it.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process with the class path of the tests, whose output is read line by line and which can be killed. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts {@code main} with the given arguments; standard error is merged into the output. */
    public static ChildJvm start(String main, List<String> jvmOptions, List<String> arguments) throws IOException {
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(List.of(
                "-ea",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main));
        return start(options, arguments);
    }

    /** Starts a runnable jar with the given arguments; standard error is merged into the output. */
    public static ChildJvm startJar(Path jar, List<String> jvmOptions, List<String> arguments) throws IOException {
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(List.of("-ea", "-jar", jar.toString()));
        return start(options, arguments);
    }

    private static ChildJvm start(List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(arguments);
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The next line of output, {@code null} when the process has ended. */
    public String readLine() throws IOException {
        try {
            return output.readLine();
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return null; // the pipe of a killed process may break instead of ending
        }
    }

    /** All lines up to the end of the process. */
    public List<String> readAll() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = readLine(); line != null; line = readLine()) {
            lines.add(line);
        }
        return lines;
    }

    /** SIGKILL: the process gets no chance to do anything. Returns once it is gone. */
    public void kill() throws InterruptedException {
        // By its handle: Process.destroyForcibly would close the pipe too, and lose what the child said before it died.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Lets it run for that long (or to its end), then kills it; its output is read and dropped, so that it never blocks. */
    public void killAfter(long nanos) throws InterruptedException {
        Thread drain = new Thread(
                () -> {
                    try {
                        readAll();
                    } catch (IOException e) {
                        // the pipe of a killed process may break; nobody reads the output
                    }
                },
                "drain");
        drain.start();
        process.waitFor(nanos, TimeUnit.NANOSECONDS);
        kill();
        drain.join();
    }

    /** Waits for the end; the exit code. */
    public int waitFor(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the child did not end within " + seconds + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
