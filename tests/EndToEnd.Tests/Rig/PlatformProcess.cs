using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>The real <c>seamless</c> program in its own process, on free ports and a data directory of its own.</summary>
public sealed class PlatformProcess : IAsyncDisposable
{
    public const string ApiKey = "sk_end_to_end_tests_only_0123456789";

    private readonly StringBuilder _output = new();
    private readonly bool _ownsData;
    private Process? _process;

    private PlatformProcess(string dataDirectory, bool ownsData, int httpPort, int mqttPort)
    {
        (DataDirectory, _ownsData, MqttPort) = (dataDirectory, ownsData, mqttPort);
        BaseAddress = new Uri($"http://127.0.0.1:{httpPort}");
        Http = new HttpClient { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    public string DataDirectory { get; }
    public int MqttPort { get; }
    private IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
    public Uri BaseAddress { get; }
    public HttpClient Http { get; }
    public bool IsRunning => _process is { HasExited: false };
    public Process Process => _process ?? throw new InvalidOperationException("not started");

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>What <c>./test</c> has published, or else what was built beside the tests.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("SEAMLESS_PROGRAM") is { Length: > 0 } published ? published : Path.Combine(AppContext.BaseDirectory, "seamless.dll");

    /// <param name="settings">More configuration: names such as <c>SEAMLESS__BROKER__URL</c>.</param>
    public static async Task<PlatformProcess> ServeAsync(string? dataDirectory = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var platform = new PlatformProcess(dataDirectory ?? NewDirectory(), dataDirectory is null, FreePort(), FreePort()) { Settings = settings ?? new Dictionary<string, string>() };
        await platform.StartAsync("serve");
        return platform;
    }

    public static async Task<PlatformProcess> DemoAsync(params string[] arguments)
    {
        var platform = new PlatformProcess(NewDirectory(), ownsData: true, FreePort(), FreePort());
        platform.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "demo");
        await platform.StartAsync("demo", arguments);
        return platform;
    }

    /// <summary>Starts (again) on the same ports and data and waits for the line <c>ready</c>.</summary>
    public async Task StartAsync(string verb = "serve", params string[] arguments)
    {
        _process = Launch([verb, "--data", DataDirectory, "--http", BaseAddress.ToString().TrimEnd('/'), "--mqtt", $"127.0.0.1:{MqttPort}", .. arguments]);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Note(line.Data, ready);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, ready: null);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var exited = _process.WaitForExitAsync();
        var first = await Task.WhenAny(ready.Task, exited, Task.Delay(TimeSpan.FromSeconds(90)));
        if (first != ready.Task) throw new InvalidOperationException($"the platform did not get ready:\n{Output}");
    }

    /// <summary>Starts the program and kills it so long afterwards, ready or not.</summary>
    public async Task KillWhileStartingAsync(TimeSpan after)
    {
        _process = Launch(["serve", "--data", DataDirectory, "--http", BaseAddress.ToString().TrimEnd('/'), "--mqtt", $"127.0.0.1:{MqttPort}"]);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Task.Delay(after);
        await KillAsync();
    }

    /// <summary>SIGKILL: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
    }

    /// <summary>Runs a verb to its end against this data directory; its standard output, trimmed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Launch([.. arguments, "--data", DataDirectory]);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"seamless {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await error}");
        return output.Trim();
    }

    /// <summary>Registers a device from the shell; its token.</summary>
    public async Task<string> AddDeviceAsync(string id, string type, string site)
    {
        var output = await RunAsync("device", "add", id, "--type", type, "--site", site);
        return output.Split('\n')[^1].Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        _process?.Dispose();
        Http.Dispose();
        if (_ownsData) Directory.Delete(DataDirectory, recursive: true);
    }

    public static string NewDirectory() => Directory.CreateTempSubdirectory("seamless-e2e-").FullName;

    private void Note(string? line, TaskCompletionSource? ready)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        if (line.Trim() == "ready") ready?.TrySetResult();
    }

    private Process Launch(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["SEAMLESS__ADMIN__APIKEY"] = ApiKey;
        foreach (var (name, value) in Settings) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
