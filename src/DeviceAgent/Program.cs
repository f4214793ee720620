using System.Runtime.InteropServices;
using Seamless.DeviceAgent;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Configuration;
using Seamless.DeviceAgent.Judging;
using Seamless.DeviceAgent.Link;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}
if (args.Contains("--version"))
{
    Console.WriteLine(Agent.Version);
    return 0;
}

var read = CommandLine.Read(args, Environment.GetEnvironmentVariables());
if ((read.Refusal?.Reason ?? read.Value?.Problem()) is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}
var configuration = read.Value!;   // without a refusal there is a value
if (args.Contains("--check"))
{
    Console.WriteLine("the configuration is good");
    return 0;
}

using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await RunAsync(configuration, TimeProvider.System, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static async Task RunAsync(AgentConfiguration configuration, TimeProvider time, CancellationToken ct)
{
    var logger = new ConsoleLogger(time);
    var device = new DeviceKey(configuration.Tenant, configuration.Device!);   // checked by Problem()
    using var outbox = new DiskOutbox(
        new DiskOutboxOptions(
            Path.Combine(configuration.State, "outbox"), (long)configuration.OutboxMegabytes << 20,
            HistoryBytes: (long)configuration.HistoryMegabytes << 20, HistoryAge: TimeSpan.FromHours(configuration.HistoryHours)), time);
    using var journal = new FileCommandJournal(Path.Combine(configuration.State, "commands"));
    var interval = new SamplingInterval(TimeSpan.FromSeconds(configuration.Interval), Path.Combine(configuration.State, "interval"));
    await using var link = new MqttLink(new LinkOptions(new Uri(configuration.Server!), device, configuration.Token, Agent.Version, CaFile: configuration.CaFile), time, logger);
    var host = new HostExecutor(interval, new SelfTest(configuration.State, outbox, time), configuration.Services, configuration.Reboot, new ProcessRunner());
    var desk = new CommandDesk(configuration.Commands.ToHashSet(), new BackfillExecutor(device, outbox, link, host), journal, time, logger);
    var rules = configuration.Rules is { } file ? EdgeRules.Load(file, configuration.RulesKey!) : null;   // checked by Problem()
    using var agent = new Agent(device, outbox, link, desk, time, logger, rules);

    using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
    var connection = link.RunAsync(ended.Token);
    using var input = OpenInput(configuration.Source);
    using var waveform = configuration.Vibration is { } vibration ? OpenInput(vibration.Source) : null;
    try
    {
        await agent.RunAsync(Source(configuration, input, waveform, interval, time), ct);
    }
    finally
    {
        await ended.CancelAsync();
        await connection;
    }
}

static StreamReader? OpenInput(string source) => source switch
{
    "host" or "none" => null,
    "-" => new StreamReader(Console.OpenStandardInput()),
    var path => new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)),
};

static ISource Source(AgentConfiguration configuration, StreamReader? input, StreamReader? waveform, SamplingInterval interval, TimeProvider time)
{
    ISource metrics = input is null
        ? new PolledSource(new HostProbe("/", ServiceCheck(configuration)), interval, time)
        : new LineSource(input, configuration.Follow, time, (line, why) => Console.Error.WriteLine($"{configuration.Source}, line {line}: {why}"));
    if (configuration.Vibration is not { } vibration) return metrics;

    var speed = new WatchedMetric(metrics, vibration.RpmMetric ?? "");
    var bearing = new VibrationSource(
        new SampleReader(waveform!, configuration.Follow, time), vibration.Geometry()!, vibration.Options(),   // checked by Problem()
        () => vibration.Rpm ?? speed.Last, interval, time, why => Console.Error.WriteLine($"{vibration.Source}: {why}"));
    return configuration.Source == "none" ? bearing : new MergedSource(speed, bearing);
}

static Func<bool>? ServiceCheck(AgentConfiguration configuration) =>
    configuration.ServiceCheck.Length == 0 ? null : () => ProcessRunner.Check(configuration.ServiceCheck) == 0;
