using System.Diagnostics;
using System.Text;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>The real <c>seamless-agent</c> program in its own process, with outbox and command journal in a folder that outlives it.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("seamless-agent-e2e-");
    private readonly string[] _arguments;
    private Process? _process;

    private AgentProcess(string[] arguments) => _arguments = arguments;

    /// <summary>What every life of the agent has said.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <param name="source"><c>host</c>, <c>-</c> for lines through <see cref="MeasureAsync"/>, or a file.</param>
    public static AgentProcess Start(PlatformProcess platform, string device, string token, string source, params string[] more)
    {
        var agent = new AgentProcess(["--server", $"mqtt://127.0.0.1:{platform.MqttPort}", "--device", device, "--token", token, "--source", source, .. more]);
        agent.Start();
        return agent;
    }

    /// <summary>Starts (again) with the same state.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Beside the tests lie only the libraries that their own framework lacks: the agent borrows it.
        string[] host = ["exec", "--runtimeconfig", Beside("Seamless.EndToEnd.Tests.runtimeconfig.json"), "--depsfile", Beside("Seamless.EndToEnd.Tests.deps.json"), Beside("seamless-agent.dll")];
        foreach (var argument in (string[])[.. host, .. _arguments, "--state", _state.FullName]) start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A line on the agent's standard input: what the machine's own electronics would write there.</summary>
    public async Task MeasureAsync(string line)
    {
        var input = Running.StandardInput;
        await input.WriteLineAsync(line);
        await input.FlushAsync();
    }

    /// <summary>SIGKILL: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        _state.Delete(recursive: true);
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
    private Process Running => _process ?? throw new InvalidOperationException("not started");

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
