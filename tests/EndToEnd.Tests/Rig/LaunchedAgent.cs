using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>The real <c>seamless-agent launch</c> with two slots, the first installed by hand; what it starts are real agents.</summary>
public sealed class LaunchedAgent : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("seamless-launch-e2e-");
    private Process? _process;

    private LaunchedAgent() { }

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public static LaunchedAgent Start(PlatformProcess platform, string device, string token, string keys)
    {
        var agent = new LaunchedAgent();
        WriteProgram(Path.Combine(agent._home.FullName, "A"), Program);
        File.WriteAllText(agent.Config, JsonSerializer.Serialize(new
        {
            server = $"mqtt://127.0.0.1:{platform.MqttPort}", device, token, source = "host", interval = 0.3, state = Path.Combine(agent._home.FullName, "state"),
            updates = new { root = agent._home.FullName, server = platform.BaseAddress.ToString(), keys, hardware = "pump", probationMinutes = 0.5, retrySeconds = 0.3 },
        }));
        agent.Start();
        return agent;
    }

    /// <summary>A folder with a program <c>run</c>: the agent itself, or one that does not start.</summary>
    public static void WriteProgram(string folder, string script)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "run");
        File.WriteAllText(file, script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static string Program => $"#!/bin/sh\nexec dotnet {string.Join(' ', Host.Select(argument => $"'{argument}'"))} \"$@\"\n";

    public void Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. Host, "launch", "--root", _home.FullName, "--entry", "run", "--probation", "0.5", "--", "--config", Config]) start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL for launcher and agent: the power goes.</summary>
    public async Task CutPowerAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await CutPowerAsync();
        _process?.Dispose();
        _home.Delete(recursive: true);
    }

    private string Config => Path.Combine(_home.FullName, "agent.json");

    private static string[] Host => ["exec", "--runtimeconfig", Beside("Seamless.EndToEnd.Tests.runtimeconfig.json"), "--depsfile", Beside("Seamless.EndToEnd.Tests.deps.json"), Beside("seamless-agent.dll")];
    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
