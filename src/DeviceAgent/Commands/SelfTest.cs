using System.Buffers;
using System.Text.Json;
using Seamless.DeviceAgent.Outbox;

namespace Seamless.DeviceAgent.Commands;

/// <summary>Whether the agent itself is well: disk, outbox, clock, memory.</summary>
public sealed class SelfTest(string stateFolder, IOutbox outbox, TimeProvider time)
{
    private const long LowDiskBytes = 64L << 20;
    private const int OldestCredibleYear = 2024;

    /// <param name="progress">Told after each check, in percent.</param>
    public async Task<CommandOutcome> RunAsync(Func<int, Task> progress)
    {
        Func<(string Name, bool Passed, string Found)>[] tests = [Writable, FreeDisk, NothingDropped, Clock, Memory];
        var checks = new List<(string Name, bool Passed, string Found)>();
        foreach (var test in tests)
        {
            checks.Add(test());
            await progress(100 * checks.Count / tests.Length);
        }
        var failed = checks.Where(check => !check.Passed).Select(check => check.Name).ToArray();
        return failed.Length == 0
            ? CommandOutcome.Succeeded("all checks passed", Report(checks))
            : CommandOutcome.Failed($"failed: {string.Join(", ", failed)}", Report(checks));
    }

    private (string, bool, string) Writable()
    {
        var path = Path.Combine(stateFolder, "self-test");
        try
        {
            File.WriteAllText(path, "written by self-test");
            File.Delete(path);
            return ("state folder", true, stateFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ("state folder", false, e.Message);
        }
    }

    private (string, bool, string) FreeDisk()
    {
        var free = new DriveInfo(Path.GetFullPath(stateFolder)).AvailableFreeSpace;
        return ("disk", free >= LowDiskBytes, $"{free >> 20} MiB free");
    }

    private (string, bool, string) NothingDropped() => ("outbox", outbox.Dropped == 0, $"{outbox.Count} waiting, {outbox.Dropped} dropped");
    private (string, bool, string) Clock() => ("clock", time.GetUtcNow().Year >= OldestCredibleYear, time.GetUtcNow().ToString("O"));
    private static (string, bool, string) Memory() => ("memory", true, $"{Environment.WorkingSet >> 10} KiB resident");

    private static string Report(List<(string Name, bool Passed, string Found)> checks)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (var (name, passed, found) in checks)
        {
            writer.WriteStartObject();
            writer.WriteString("check"u8, name);
            writer.WriteBoolean("passed"u8, passed);
            writer.WriteString("found"u8, found);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
