using System.Runtime.InteropServices;
using Seamless.DeviceAgent;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Configuration;
using Seamless.DeviceAgent.Judging;
using Seamless.DeviceAgent.Link;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.DeviceAgent.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

if (args is ["launch", ..]) return await LaunchCommand.RunAsync(args[1..]);
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
    return await RunAsync(configuration, TimeProvider.System, stop.Token);
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

static async Task<int> RunAsync(AgentConfiguration configuration, TimeProvider time, CancellationToken ct)
{
    var logger = new ConsoleLogger(time);
    var device = new DeviceKey(configuration.Tenant, configuration.Device!);   // checked by Problem()
    using var outbox = new DiskOutbox(
        new DiskOutboxOptions(
            Path.Combine(configuration.State, "outbox"), (long)configuration.OutboxMegabytes << 20,
            HistoryBytes: (long)configuration.HistoryMegabytes << 20, HistoryAge: TimeSpan.FromHours(configuration.HistoryHours)), time);
    using var journal = new FileCommandJournal(Path.Combine(configuration.State, "commands"));
    var interval = new SamplingInterval(TimeSpan.FromSeconds(configuration.Interval), Path.Combine(configuration.State, "interval"));
    var slot = Environment.GetEnvironmentVariable(ProgramRunner.SlotVariable);
    var version = configuration.Updates is { } settings && slot is not null ? new Slots(settings.Root).ReleaseIn(slot)?.Version : null;
    await using var link = new MqttLink(new LinkOptions(new Uri(configuration.Server!), device, configuration.Token, version ?? Agent.Version, CaFile: configuration.CaFile), time, logger);
    var host = new HostExecutor(interval, new SelfTest(configuration.State, outbox, time), configuration.Services, configuration.Reboot, new ProcessRunner());
    using var restart = CancellationTokenSource.CreateLinkedTokenSource(ct);
    using var http = new HttpClient { BaseAddress = new Uri(configuration.Updates?.Server is { Length: > 0 } server ? server : "http://localhost") };
    var updates = AgentUpdates.Create(configuration, device, slot, link, http, time, logger, restart.Cancel);
    ICommandExecutor executor = new BackfillExecutor(device, outbox, link, host);
    if (updates is not null) executor = new UpdateExecutor(updates.Updater, executor);
    var allowed = configuration.Commands.ToHashSet();
    if (updates is not null) allowed.UnionWith([UpdateOffer.Command, UpdateOffer.StopCommand]);   // signed by two roles: the list of commands need not name them
    var desk = new CommandDesk(allowed, executor, journal, time, logger);
    var rules = configuration.Rules is { } file ? EdgeRules.Load(file, configuration.RulesKey!) : null;   // checked by Problem()
    using var agent = new Agent(device, outbox, link, desk, time, logger, rules, updates, configuration.Report?.Create());

    using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
    var connection = link.RunAsync(ended.Token);
    var updating = updates?.Loop.RunAsync(ended.Token) ?? Task.CompletedTask;
    using var input = OpenInput(configuration.Source);
    using var waveform = configuration.Vibration is { } vibration ? OpenInput(vibration.Source) : null;
    try
    {
        await agent.RunAsync(Source(configuration, input, waveform, interval, time), restart.Token);
    }
    catch (OperationCanceledException) when (restart.IsCancellationRequested && !ct.IsCancellationRequested)
    {
        // the next version takes over; what waits in the outbox is on disk
    }
    finally
    {
        await ended.CancelAsync();
        await connection;
        await updating;
    }
    return restart.IsCancellationRequested && !ct.IsCancellationRequested ? Launcher.RestartCode : 0;
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
