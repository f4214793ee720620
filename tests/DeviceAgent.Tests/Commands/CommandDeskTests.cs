using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.DeviceAgent.Commands;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Tests.Commands;

public sealed class CommandDeskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));
    private readonly Recorder _machine = new();
    private readonly List<CommandResult> _reports = [];
    private bool _connected = true;
    private FileCommandJournal _journal;

    public CommandDeskTests() => _journal = new FileCommandJournal(_folder["journal"]);

    [Fact]
    public async Task A_command_is_accepted_acts_and_reports_its_end()
    {
        await SendAsync(Command());

        Assert.Equal([CommandStatus.Accepted, CommandStatus.Succeeded], _reports.Select(report => report.Status));
        Assert.Equal(1, _machine.Acted);
    }

    [Fact]
    public async Task A_command_that_comes_twice_acts_once_and_is_answered_twice()
    {
        await SendAsync(Command(key: "k"), id: "c1");
        await SendAsync(Command(key: "k"), id: "c2");

        Assert.Equal(1, _machine.Acted);
        Assert.Equal(("c2", CommandStatus.Succeeded), (_reports[^1].Id, _reports[^1].Status));
    }

    [Fact]
    public async Task A_command_that_comes_again_after_a_restart_acts_once()
    {
        await SendAsync(Command(key: "k"));
        Restart();
        await SendAsync(Command(key: "k"));

        Assert.Equal(1, _machine.Acted);
        Assert.Equal(CommandStatus.Succeeded, _reports[^1].Status);
    }

    [Fact]
    public async Task An_expired_command_is_refused()
    {
        await SendAsync(Command(expiresIn: TimeSpan.Zero));

        Assert.Equal(CommandStatus.Expired, Assert.Single(_reports).Status);
        Assert.Equal(0, _machine.Acted);
    }

    [Fact]
    public async Task A_command_outside_the_allow_list_is_rejected_in_words()
    {
        await SendAsync(Command(name: "format-disk"));

        var report = Assert.Single(_reports);
        Assert.Equal(CommandStatus.Rejected, report.Status);
        Assert.Contains("format-disk", report.Detail, StringComparison.Ordinal);
        Assert.Equal(0, _machine.Acted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"name\":5,\"expiresAt\":1}")]
    [InlineData("{\"name\":\"restart-service\"}")]
    [InlineData("{\"name\":\"restart-service\",\"expiresAt\":\"soon\"}")]
    public async Task A_command_that_cannot_be_read_is_rejected(string payload)
    {
        await SendAsync(payload);

        Assert.Equal(CommandStatus.Rejected, Assert.Single(_reports).Status);
    }

    [Fact]
    public async Task It_is_written_down_before_it_acts_so_a_kill_while_acting_never_doubles_it()
    {
        _machine.WhileActing = () => File.Copy(_folder["journal"], _folder["as-killed"]);
        await SendAsync(Command(key: "k"));
        _journal.Dispose();
        File.Move(_folder["as-killed"], _folder["journal"], overwrite: true);
        Restart();
        await SendAsync(Command(key: "k"));

        Assert.Equal(1, _machine.Acted);
        Assert.Equal(CommandStatus.Failed, _reports[^1].Status);
    }

    [Fact]
    public async Task A_result_that_could_not_be_sent_is_sent_after_the_next_connection_even_after_a_restart()
    {
        _connected = false;
        await SendAsync(Command(), id: "c1");
        Restart();
        _connected = true;
        _reports.Clear();
        await Desk().ReportLeftoversAsync(ReportAsync);

        Assert.Equal(("c1", CommandStatus.Succeeded), (_reports.Single().Id, _reports.Single().Status));
        _reports.Clear();
        await Desk().ReportLeftoversAsync(ReportAsync);
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task An_executor_that_throws_is_a_failed_command()
    {
        _machine.WhileActing = () => throw new InvalidOperationException("jammed");
        await SendAsync(Command());

        Assert.Equal(CommandStatus.Failed, _reports[^1].Status);
        Assert.Contains("jammed", _reports[^1].Detail, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    private string Command(string name = "restart-service", string key = "key", TimeSpan? expiresIn = null) =>
        $$"""{"name":"{{name}}","args":{},"expiresAt":{{(_time.GetUtcNow() + (expiresIn ?? TimeSpan.FromMinutes(1))).ToUnixTimeMilliseconds()}},"idempotencyKey":"{{key}}"}""";

    private Task SendAsync(string payload, string id = "c1") => Desk().HandleAsync(id, Encoding.UTF8.GetBytes(payload), ReportAsync, TestContext.Current.CancellationToken);

    private CommandDesk Desk() => new(new HashSet<string> { "restart-service" }, _machine, _journal, _time, NullLogger.Instance);

    private Task<bool> ReportAsync(CommandResult result)
    {
        if (_connected) _reports.Add(result);
        return Task.FromResult(_connected);
    }

    private void Restart()
    {
        _journal.Dispose();
        _journal = new FileCommandJournal(_folder["journal"]);
    }

    private sealed class Recorder : ICommandExecutor
    {
        public int Acted { get; private set; }
        public Action WhileActing { get; set; } = () => { };

        public bool Knows(string name) => true;

        public Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct)
        {
            Acted++;
            WhileActing();
            return Task.FromResult(CommandOutcome.Succeeded("done"));
        }
    }
}
