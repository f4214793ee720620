using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules.Packs.Testing;

namespace Seamless.Portal.Commands;

/// <summary><c>doctor</c>: what is wrong with this installation, and how to mend it.</summary>
internal static class Doctor
{
    private const long EnoughBytes = 1L << 30;

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
        var findings = new List<Finding> { Writable(options.DataDirectory), Space(options.DataDirectory), await DatabaseAsync(options.DataDirectory, ct) };
        findings.AddRange(Directory.EnumerateDirectories(options.PacksDirectory).Where(pack => File.Exists(Path.Combine(pack, "pack.yaml"))).Order(StringComparer.Ordinal).Select(Pack));
        findings.Add(LightGbm());
        if (running) findings.Add(new Finding("platform", true, "running on this data directory"));
        else findings.AddRange([Port("http", options.HttpUrl.Port), Port("mqtt", options.MqttEndpoint.Port)]);
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

    private static Finding Space(string directory)
    {
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        return new Finding("disk", free > EnoughBytes, $"{free >> 20} MB free", free > EnoughBytes ? null : "free at least 1 GB: below 512 MB the platform takes no more telemetry until there is room");
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
