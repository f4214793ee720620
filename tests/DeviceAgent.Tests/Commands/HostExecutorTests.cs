using Microsoft.Extensions.Time.Testing;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Tests.Commands;

public sealed class HostExecutorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<int> _progress = [];
    private readonly Processes _processes = new();

    [Fact]
    public async Task Only_a_service_of_the_list_is_restarted_and_with_its_own_argv()
    {
        Assert.Equal(CommandStatus.Succeeded, (await ExecuteAsync("restart-service", """{"service":"web"}""")).Status);
        Assert.Equal(CommandStatus.Rejected, (await ExecuteAsync("restart-service", """{"service":"web; rm -rf /"}""")).Status);

        Assert.Equal(["systemctl", "restart", "web.service"], Assert.Single(_processes.Ran));
    }

    [Fact]
    public async Task A_restart_that_names_no_service_means_the_first()
    {
        await ExecuteAsync("restart-service", "{}");

        Assert.Single(_processes.Ran);
    }

    [Fact]
    public async Task A_failing_restart_is_a_failed_command_with_the_reason()
    {
        _processes.Answer = (5, "unit not found");
        var outcome = await ExecuteAsync("restart-service", "{}");

        Assert.Equal((CommandStatus.Failed, "exit code 5: unit not found"), (outcome.Status, outcome.Detail));
    }

    [Fact]
    public async Task Reboot_is_rejected_unless_the_configuration_enables_it()
    {
        Assert.Equal(CommandStatus.Rejected, (await ExecuteAsync("reboot", "{}")).Status);
        Assert.Empty(_processes.Ran);
    }

    [Theory]
    [InlineData("""{"seconds":10}""", CommandStatus.Succeeded, 10)]
    [InlineData("""{"seconds":0}""", CommandStatus.Rejected, 5)]
    [InlineData("""{"seconds":"ten"}""", CommandStatus.Rejected, 5)]
    [InlineData("{}", CommandStatus.Rejected, 5)]
    public async Task Set_interval_changes_the_interval_and_a_restart_remembers_it(string args, CommandStatus status, double seconds)
    {
        Assert.Equal(status, (await ExecuteAsync("set-interval", args)).Status);
        Assert.Equal(TimeSpan.FromSeconds(seconds), new SamplingInterval(TimeSpan.FromSeconds(5), _folder["interval"]).Current);
    }

    [Fact]
    public async Task Self_test_says_what_it_found()
    {
        var outcome = await ExecuteAsync("self-test", "{}");

        Assert.Equal(CommandStatus.Succeeded, outcome.Status);
        Assert.Contains("\"check\":\"outbox\"", outcome.DataJson, StringComparison.Ordinal);
        Assert.Equal([20, 40, 60, 80, 100], _progress);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<CommandOutcome> ExecuteAsync(string name, string args)
    {
        using var outbox = new MemoryOutbox(1);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));
        var executor = new HostExecutor(
            new SamplingInterval(TimeSpan.FromSeconds(5), _folder["interval"]), new SelfTest(_folder.Path, outbox, time),
            new Dictionary<string, string[]> { ["web"] = ["systemctl", "restart", "web.service"] }, [], _processes);
        return await executor.ExecuteAsync(new CommandMessage("c", name, args, long.MaxValue, "k"), Told, TestContext.Current.CancellationToken);
    }

    private Task Told(int percent)
    {
        _progress.Add(percent);
        return Task.CompletedTask;
    }

    private sealed class Processes : IProcessRunner
    {
        public List<IReadOnlyList<string>> Ran { get; } = [];
        public (int, string) Answer { get; set; } = (0, "");

        public Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> argv, CancellationToken ct)
        {
            Ran.Add(argv);
            return Task.FromResult(Answer);
        }
    }
}
