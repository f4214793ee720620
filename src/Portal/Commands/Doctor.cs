using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules.Packs.Testing;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.Storage.Space;

namespace Seamless.Portal.Commands;

/// <summary><c>doctor</c>: what is wrong with this installation, and how to mend it.</summary>
internal static class Doctor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="Mend">What to do; null when all is well.</param>
    private sealed record Finding(string Subject, bool Well, string Detail, string? Mend = null);

    public static Command Create() =>
        Verb.Create("doctor", "What is wrong with this installation and how to mend it.", "doctor --data /var/lib/seamless")
            .With(Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var options = PlatformOptions.From(settings);
                if (!options.Succeeded) return Terminal.Refuse(options.Refusal);
                var findings = await ExamineAsync(options.Value, ct);
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(findings);
                else foreach (var finding in findings) Console.WriteLine($"{(finding.Well ? "ok  " : "BAD ")} {finding.Subject}: {finding.Detail}{(finding.Mend is null ? "" : $"\n     → {finding.Mend}")}");
                return findings.All(finding => finding.Well) ? Terminal.Success : Terminal.Failure;
            });

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(PlatformOptions options, CancellationToken ct)
    {
        var running = DataDirectoryLock.IsTaken(options.DataDirectory);
        var findings = new List<Finding> { Writable(options.DataDirectory), Space(options), await DatabaseAsync(options.DataDirectory, ct) };
        findings.AddRange(Directory.EnumerateDirectories(options.PacksDirectory).Where(pack => File.Exists(Path.Combine(pack, "pack.yaml"))).Order(StringComparer.Ordinal).Select(Pack));
        findings.Add(LightGbm());
        findings.Add(RoutingSolver());
        if (running) findings.AddRange(await RunningAsync(options, ct));
        else findings.AddRange([Port("http", options.HttpUrl.Port), Port("mqtt", options.MqttEndpoint.Port), .. await Task.WhenAll(Parts(options.External).Select(part => ReachAsync(part, ct)))]);
        return findings;
    }

    private static Finding Writable(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var probe = Path.Combine(directory, ".doctor");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new Finding("data directory", true, Path.GetFullPath(directory));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding("data directory", false, error.Message, "give the user that runs the platform write access, or name another directory with --data");
        }
    }

    private static Finding Space(PlatformOptions options)
    {
        var drive = new DriveInfo(Path.GetFullPath(options.DataDirectory));
        var (free, levels) = (drive.AvailableFreeSpace, DiskLevels.Of(drive.TotalSize, options.DiskReserveBytes, options.DiskWarnBytes));
        var detail = $"{free >> 20} MB of {levels.TotalBytes >> 20} MB free";
        if (free >= levels.WarnBytes) return new Finding("disk", true, detail);
        var mend = free < levels.ReserveBytes
            ? $"nothing is taken from senders below {levels.ReserveBytes >> 20} MB: free at least {levels.ResumeBytes >> 20} MB and they go on by themselves"
            : $"an alarm is raised below {levels.WarnBytes >> 20} MB, and senders wait below {levels.ReserveBytes >> 20} MB: free some, or keep less";
        return new Finding("disk", false, detail, mend);
    }

    private static async Task<Finding> DatabaseAsync(string directory, CancellationToken ct)
    {
        var path = Path.Combine(directory, "operations.db");
        if (!File.Exists(path)) return new Finding("operational database", true, "none yet; the first start makes it");
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check";
        var verdict = (string?)await command.ExecuteScalarAsync(ct) ?? "no answer";
        return new Finding("operational database", verdict == "ok", verdict, verdict == "ok" ? null : "stop the platform and restore the latest backup");
    }

    private static Finding Pack(string directory)
    {
        var problems = PackChecker.Check(directory);
        return new Finding($"pack {Path.GetFileName(directory)}", problems.Count == 0, problems.Count == 0 ? "good" : problems[0].ToString(), problems.Count == 0 ? null : $"seamless pack check {directory} lists all {problems.Count}");
    }

    /// <summary>The learner's native library links to OpenMP, which small images leave out.</summary>
    private static Finding LightGbm()
    {
        if (!OperatingSystem.IsLinux()) return new Finding("training", true, "native library comes with the program");
        var found = NativeLibrary.TryLoad("libgomp.so.1", out var handle);
        if (found) NativeLibrary.Free(handle);
        return new Finding("training", found, found ? "libgomp is there" : "libgomp.so.1 is missing; models cannot be trained", found ? null : "apt-get install libgomp1");
    }

    /// <summary>Without it dispatch plans by insertion alone.</summary>
    private static Finding RoutingSolver() => DispatchPlanner.HasSolver
        ? new Finding("routing solver", true, "native library is there")
        : new Finding("routing solver", false, "the native library cannot be loaded; dispatch plans by insertion alone", "install the program for this system, not for another; on Linux it needs glibc and libstdc++ (apt-get install libstdc++6)");

    /// <summary>What the platform says of itself.</summary>
    private static async Task<IReadOnlyList<Finding>> RunningAsync(PlatformOptions options, CancellationToken ct)
    {
        if (ControlFile.Read(options.DataDirectory) is not { } control) return [new Finding("platform", true, "just starting on this data directory")];
        using var http = new HttpClient { BaseAddress = control.Http, Timeout = Patience };
        try
        {
            using var response = await http.GetAsync("/health/ready", ct);
            var health = await PlatformClient.ReadAsync<HealthView>(response, ct);
            if (!health.Succeeded) return [new Finding("platform", false, health.Refusal.Reason, "restart it once the cause is gone")];
            var lag = string.Join(", ", health.Value.Lag.Where(follower => follower.Value > 0).Select(follower => $"{follower.Key} is {follower.Value} records behind"));
            var platform = new Finding("platform", true, $"running on this data directory, {health.Value.Status}{(lag.Length > 0 ? $"; {lag}" : "")}");
            return [platform, .. health.Value.Parts.Select(part => new Finding($"{part.Name} {part.Address}", part.Well, part.Detail, part.Well ? null : Mend(part.Name)))];
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return [new Finding("platform", false, $"it runs on this data directory and does not answer: {error.Message}", "look at its log; restart it")];
        }
    }

    private static IEnumerable<(string Name, string Host, int Port)> Parts(ExternalParts external)
    {
        if (external.Broker is { Url: var broker }) yield return ("broker", broker.Host, broker.Port > 0 ? broker.Port : broker.Scheme == "mqtts" ? 8883 : 1883);
        if (external.Influx is { Url: var influx }) yield return ("store.influx", influx.Host, influx.Port);
        if (external.Hub is { Events: var hub }) yield return ("hub.azure", hub.Host, hub.Port);
    }

    /// <summary>While nothing runs here: whether there is somebody at the address at all.</summary>
    private static async Task<Finding> ReachAsync((string Name, string Host, int Port) part, CancellationToken ct)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(part.Host, part.Port, ct).AsTask().WaitAsync(Patience, TimeProvider.System, ct);
            return new Finding($"{part.Name} {part.Host}:{part.Port}", true, "answers");
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            return new Finding($"{part.Name} {part.Host}:{part.Port}", false, error.Message, Mend(part.Name));
        }
    }

    private static string Mend(string part) => $"see that it runs and can be reached from here, and that {part}.* in the configuration is right; nothing is lost meanwhile";

    private static Finding Port(string door, int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return new Finding($"port {port}", true, $"free for {door}");
        }
        catch (SocketException)
        {
            return new Finding($"port {port}", false, "taken by another program", $"stop it, or give another with --{door}");
        }
    }
}
