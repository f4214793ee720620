using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects;

/// <summary>A program in Node.js that uses a real client library; it tells what happens, a line of JSON each: <c>{"step":"…","value":…}</c>.</summary>
internal sealed class NodeClient : IAsyncDisposable
{
    private static readonly SemaphoreSlim Installing = new(1);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeClient(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync(Ct));

    /// <summary>Runs <c>clients/{name}/{script}</c>. Skips the test when Node.js or the library cannot be had.</summary>
    public static async Task<NodeClient> StartAsync(string name, string script, Dictionary<string, string> environment)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Dialects", "clients", name);
        var modules = await InstallAsync(source, name);
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(source, script));
        start.Environment["NODE_PATH"] = modules;
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return new NodeClient(Process.Start(start)!);
    }

    /// <summary>Reads on until that step; what it came with.</summary>
    public async Task<JsonNode?> UntilStepAsync(string step)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith('{')) continue;
            var said = JsonNode.Parse(line)!;
            if ((string?)said["step"] == step) return said["value"];
            Assert.False((string?)said["step"] == "failed", line);
        }
        Assert.Fail($"the client ended before '{step}': {await _errors}");
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>Installs what <c>clients/{name}</c> asks for, once for each lock file, into the temporary folder.</summary>
    /// <returns>The folder of the modules, for <c>NODE_PATH</c>.</returns>
    public static async Task<string> InstallAsync(string source, string name)
    {
        Assert.SkipUnless(OnPath("node") && OnPath("npm"), "Node.js with npm is not installed (Debian packages nodejs, npm)");
        var version = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"), Ct)))[..12];
        var target = Path.Combine(Path.GetTempPath(), "seamless-test-clients", $"{name}-{version}");
        var done = Path.Combine(target, ".installed");
        await Installing.WaitAsync(Ct);
        try
        {
            if (!File.Exists(done)) await NpmAsync(source, target);
            await File.WriteAllTextAsync(done, "", Ct);
        }
        finally
        {
            Installing.Release();
        }
        return Path.Combine(target, "node_modules");
    }

    private static async Task NpmAsync(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in (string[])["package.json", "package-lock.json", ".npmrc"]) File.Copy(Path.Combine(source, file), Path.Combine(target, file), overwrite: true);
        var start = new ProcessStartInfo("npm") { WorkingDirectory = target, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) start.ArgumentList.Add(argument);
        using var npm = Process.Start(start)!;
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(Ct), npm.StandardError.ReadToEndAsync(Ct));
        await npm.WaitForExitAsync(Ct);
        await output;
        Assert.SkipUnless(npm.ExitCode == 0, $"npm could not install the client: {await errors}");
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
