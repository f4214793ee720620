using Seamless.Fleet.Commands;
using Seamless.Telemetry.Commands;
using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Commands;

public sealed class CommandDeskTests
{
    private static CommandResult Answer(string id, CommandStatus status, int progress = 0, string? detail = null) => new(id, status, progress, detail, null);

    [Fact]
    public async Task A_command_goes_out_and_its_answers_come_home()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var states = new List<CommandState>();
        house.Commands.Changed += command => states.Add(command.State);

        var sent = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        await house.Commands.ReportAsync(sent.Device, Answer(sent.Id, CommandStatus.Accepted), Ct);
        await house.Commands.ReportAsync(sent.Device, Answer(sent.Id, CommandStatus.Running, 40), Ct);
        await house.Commands.ReportAsync(sent.Device, Answer(sent.Id, CommandStatus.Succeeded, detail: "all well"), Ct);

        var stored = await house.Commands.FindAsync(sent.Device, sent.Id, Ct);
        Assert.Equal((CommandState.Succeeded, 100, "all well", house.Time.GetUtcNow()), (stored!.State, stored.Progress, stored.Detail, stored.FinishedAt));
        Assert.Equal([CommandState.Created, CommandState.Sent, CommandState.Accepted, CommandState.Running, CommandState.Succeeded], states);
        Assert.Equal(sent.Id, Assert.Single(house.Transport.Sent).Id);
    }

    [Fact]
    public async Task A_beat_while_a_command_is_on_its_way_does_not_send_it_again()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var delivered = new TaskCompletionSource();
        house.Transport.Delivery = delivered.Task;

        var sending = house.Commands.SendAsync(Some.Command("pump-1"), Ct);
        while (house.Transport.Sent.IsEmpty) await Task.Yield();
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        delivered.SetResult();
        await sending;
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);

        Assert.Single(house.Transport.Sent);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_command_however_often_and_from_wherever_it_is_asked()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => house.Commands.SendAsync(Some.Command("pump-1"), Ct), Ct)));
        Assert.Single(asked.Select(outcome => outcome.Value!.Id).Distinct());
        Assert.Single(house.Transport.Sent);
        Assert.Equal("conflict", (await house.Commands.SendAsync(Some.Command("pump-1", name: "reboot"), Ct)).Refusal?.Code);
    }

    [Fact]
    public async Task What_is_recalled_is_not_sent_again_and_what_was_answered_goes_on()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        house.Transport.IsOpen = false;
        var waiting = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        await house.Commands.RecallAsync(waiting.Device, waiting.Id, "no longer wanted", Ct);
        house.Transport.IsOpen = true;
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        await house.Commands.ResendAsync(waiting.Device, Ct);
        Assert.Empty(house.Transport.Sent);
        Assert.Equal((CommandState.Expired, "no longer wanted"), ((await house.Commands.FindAsync(waiting.Device, waiting.Id, Ct))!.State, (await house.Commands.FindAsync(waiting.Device, waiting.Id, Ct))!.Detail));

        var answered = (await house.Commands.SendAsync(Some.Command("pump-1") with { IdempotencyKey = "another" }, Ct)).Value!;
        await house.Commands.ReportAsync(answered.Device, Answer(answered.Id, CommandStatus.Accepted), Ct);
        await house.Commands.RecallAsync(answered.Device, answered.Id, "no longer wanted", Ct);
        await house.Commands.ReportAsync(answered.Device, Answer(answered.Id, CommandStatus.Succeeded), Ct);
        Assert.Equal(CommandState.Succeeded, (await house.Commands.FindAsync(answered.Device, answered.Id, Ct))!.State);
    }

    [Fact]
    public async Task A_command_waits_for_the_door_to_open()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        house.Transport.IsOpen = false;
        var command = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        Assert.Equal(CommandState.Created, command.State);

        house.Transport.IsOpen = true;
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);

        Assert.Equal(CommandState.Sent, (await house.Commands.FindAsync(command.Device, command.Id, Ct))!.State);
        Assert.Single(house.Transport.Sent);
    }

    [Fact]
    public async Task What_was_sent_but_not_answered_is_sent_again_once_after_a_restart()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var command = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        house.Time.Advance(TimeSpan.FromSeconds(10));

        await using var restarted = await house.AnotherAsync();
        await restarted.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        await restarted.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);

        var again = Assert.Single(restarted.Transport.Sent);
        Assert.Equal((command.Id, command.IdempotencyKey), (again.Id, again.IdempotencyKey));
    }

    [Fact]
    public async Task An_unanswered_command_expires_and_a_late_answer_is_refused_aloud()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var command = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        house.Time.Advance(TimeSpan.FromMinutes(2));
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        Assert.Equal(CommandState.Expired, (await house.Commands.FindAsync(command.Device, command.Id, Ct))!.State);

        var late = await house.Commands.ReportAsync(command.Device, Answer(command.Id, CommandStatus.Succeeded), Ct);

        Assert.Contains("Expired", late.Refusal?.Reason);
        Assert.Contains(await house.Audit.ListAsync("default", null, 10, Ct), entry => entry is { Action: "command.result", Result: "refused" });
    }

    [Fact]
    public async Task An_accepted_command_may_bring_its_result_after_the_expiry_but_not_for_ever()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var command = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        await house.Commands.ReportAsync(command.Device, Answer(command.Id, CommandStatus.Accepted), Ct);

        house.Time.Advance(TimeSpan.FromMinutes(5));
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        Assert.Equal(CommandState.Accepted, (await house.Commands.FindAsync(command.Device, command.Id, Ct))!.State);

        house.Time.Advance(TimeSpan.FromMinutes(15));
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        Assert.Equal(CommandState.Expired, (await house.Commands.FindAsync(command.Device, command.Id, Ct))!.State);
    }

    [Fact]
    public async Task The_same_answer_twice_is_one_answer_and_another_after_the_end_is_refused()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var command = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        Assert.True((await house.Commands.ReportAsync(command.Device, Answer(command.Id, CommandStatus.Failed), Ct)).Succeeded);
        Assert.True((await house.Commands.ReportAsync(command.Device, Answer(command.Id, CommandStatus.Failed), Ct)).Succeeded);
        Assert.Equal("refused", (await house.Commands.ReportAsync(command.Device, Answer(command.Id, CommandStatus.Running), Ct)).Refusal?.Code);
        Assert.Equal("not-found", (await house.Commands.ReportAsync(command.Device, Answer("cmd-none", CommandStatus.Running), Ct)).Refusal?.Code);
        Assert.Equal("not-found", (await house.Commands.ReportAsync(Some.Key("pump-2"), Answer(command.Id, CommandStatus.Running), Ct)).Refusal?.Code);
    }

    [Theory]
    [InlineData("{}", "R7", "self-test")]
    [InlineData("[]", "R1", "self-test")]
    [InlineData("{", "R1", "self-test")]
    [InlineData("{}", "R1", "self test")]
    public async Task What_cannot_be_a_command_is_refused(string args, string riskClass, string name)
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var request = Some.Command("pump-1", name: name, args: args) with { RiskClass = riskClass };
        Assert.Equal("invalid", (await house.Commands.SendAsync(request, Ct)).Refusal?.Code);
        Assert.Equal("not-found", (await house.Commands.SendAsync(Some.Command("nobody"), Ct)).Refusal?.Code);
    }

    [Fact]
    public async Task A_device_that_listens_again_gets_what_it_has_not_answered()
    {
        await using var house = await OpenAsync();
        await house.AddAsync("pump-1");
        var open = (await house.Commands.SendAsync(Some.Command("pump-1", "k1"), Ct)).Value!;
        var done = (await house.Commands.SendAsync(Some.Command("pump-1", "k2"), Ct)).Value!;
        await house.Commands.ReportAsync(done.Device, Answer(done.Id, CommandStatus.Succeeded), Ct);
        house.Transport.Sent.Clear();

        await house.Commands.ResendAsync(Some.Key("pump-1"), Ct);

        Assert.Equal(open.Id, Assert.Single(house.Transport.Sent).Id);
    }

    [Fact]
    public async Task Beats_ask_the_database_only_when_something_is_due_or_has_changed()
    {
        await using var house = await OpenAsync(options => options.RefreshEvery = TimeSpan.FromMinutes(1));
        await house.AddAsync("pump-1");
        var sent = (await house.Commands.SendAsync(Some.Command("pump-1"), Ct)).Value!;
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        Assert.Equal(0, await QueriesOfBeatAsync());

        house.Time.Advance(sent.ExpiresAt - house.Time.GetUtcNow());
        Assert.NotEqual(0, await QueriesOfBeatAsync());
        Assert.Equal(CommandState.Expired, (await house.Commands.FindAsync(sent.Device, sent.Id, Ct))!.State);
        await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
        Assert.Equal(0, await QueriesOfBeatAsync());

        async Task<int> QueriesOfBeatAsync()
        {
            var before = house.Queries.Count;
            await house.Commands.AdvanceAsync(house.Time.GetUtcNow(), Ct);
            return house.Queries.Count - before;
        }
    }
}
