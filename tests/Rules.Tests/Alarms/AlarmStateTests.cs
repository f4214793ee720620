using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Alarms;

/// <summary>Every action in every state, through the book: the state that follows, or the words of the refusal.</summary>
public sealed class AlarmStateTests
{
    private const string Tenant = DeviceKey.DefaultTenant;

    /// <summary>A row is where the alarm stands, a column what is done to it. A capital is the state after, words are in the refusal.</summary>
    /// <remarks>
    /// U unacknowledged, A acknowledged, R returned unacknowledged, N normal, L latched, S shelved, H suppressed, O out of service, C closed.
    /// Ways to stand there: + acknowledged, c confirmed, l latching, - cleared, 1 shelved once, d by design, e explained, h by hand, w out of service, s shelved, x closed.
    /// </remarks>
    private const string Table = """
                  | acknowledge | confirm      | reset        | shelve  | shelveOnce | unshelve    | suppress | unsuppress     | design  | lift          | outOfService | return             | close    | clear | reraise
        !         | A           | acknowledge  | not latched  | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | active   | R     | U
        !+        | already     | A            | not latched  | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | active   | N     | U
        !+c       | already     | already      | not latched  | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | active   | N     | U
        !-        | N           | acknowledge  | not latched  | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | C        | R     | U
        !+-       | already     | N            | not latched  | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | C        | N     | U
        !l        | A           | acknowledge  | active       | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | active   | R     | U
        !l-       | L           | acknowledge  | acknowledge  | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | latched  | R     | U
        !l+-      | already     | L            | N            | S       | S          | not shelved | H        | not suppressed | H       | not suppressed| O            | not out of service | latched  | L     | U
        !s        | S           | acknowledge  | not latched  | already | already    | U           | H        | not suppressed | H       | not suppressed| O            | not out of service | active   | S     | S
        !1        | S           | acknowledge  | not latched  | already | already    | U           | H        | not suppressed | H       | not suppressed| O            | not out of service | active   | R     | S
        !h        | H           | acknowledge  | not latched  | H       | H          | not shelved | already  | U              | H       | not suppressed| O            | not out of service | active   | H     | H
        !d        | H           | acknowledge  | not latched  | H       | H          | not shelved | H        | by design      | already | U             | O            | not out of service | active   | H     | H
        !e        | H           | acknowledge  | not latched  | H       | H          | not shelved | H        | explains       | H       | not suppressed| O            | not out of service | active   | H     | U
        !w        | O           | acknowledge  | not latched  | service | service    | not shelved | O        | not suppressed | O       | not suppressed| already      | U                  | active   | O     | O
        !-x       | closed      | closed       | closed       | closed  | closed     | not shelved | closed   | not suppressed | closed  | not suppressed| closed       | not out of service | closed   | C     | C
        """;

    private static readonly Dictionary<char, AlarmState> States = new()
    {
        ['U'] = AlarmState.Unacknowledged, ['A'] = AlarmState.Acknowledged, ['R'] = AlarmState.ReturnedUnacknowledged, ['N'] = AlarmState.Normal, ['L'] = AlarmState.Latched,
        ['S'] = AlarmState.Shelved, ['H'] = AlarmState.Suppressed, ['O'] = AlarmState.OutOfService, ['C'] = AlarmState.Closed,
    };

    [Fact]
    public async Task Every_action_in_every_state_has_its_next_state_or_its_refusal()
    {
        await using var room = await RulesRoom.OpenAsync();
        var lines = Table.Split('\n').Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray()).ToArray();
        var (actions, wrong, seen) = (lines[0][1..], new List<string>(), new HashSet<AlarmState>());
        foreach (var line in lines[1..])
        {
            for (var i = 0; i < actions.Length; i++)
            {
                var alarm = new TestAlarm(room, $"{line[0]} {actions[i]}");
                foreach (var step in line[0]) await alarm.StepAsync(step);
                var outcome = await alarm.ActAsync(actions[i]);
                var expected = line[i + 1];
                var got = outcome.Value is { } after ? States.Single(s => s.Value == after.State).Key.ToString() : outcome.Refusal!.Reason;
                var fits = expected.Length == 1 ? got == expected : got.Length > 1 && got.Contains(expected, StringComparison.Ordinal);
                if (!fits) wrong.Add($"{line[0]} {actions[i]}: expected {expected}, got {got}");
                if (outcome.Value is { } value) seen.Add(value.State);
            }
        }
        Assert.Empty(wrong);
        Assert.Equal(Enum.GetValues<AlarmState>().Order(), seen.Order());
        Assert.Equal(Enum.GetValues<AlarmAction>().Length + 3, actions.Length);   // shelving once, clearing and coming back are no actions of their own
    }

    [Fact]
    public async Task Nobody_shelves_suppresses_or_takes_out_of_service_without_saying_why()
    {
        await using var room = await RulesRoom.OpenAsync();
        var alarm = new TestAlarm(room, "a");
        await alarm.StepAsync('!');
        var later = RulesRoom.Noon.AddHours(1);
        Assert.Contains("why", (await room.Alarms.ShelveAsync(Tenant, alarm.Id, "lee", " ", later, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("why", (await room.Alarms.ShelveOnceAsync(Tenant, alarm.Id, "lee", "", null, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("at most", (await room.Alarms.ShelveOnceAsync(Tenant, alarm.Id, "lee", "x", later.AddDays(30), default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("work order", (await room.Alarms.SetOutOfServiceAsync(Tenant, alarm.Id, "lee", "", default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("plan", (await room.Alarms.SetSuppressedByDesignAsync(Tenant, alarm.Id, "lee", "", default)).Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_shelved_once_comes_back_with_its_return_to_normal_and_the_trace_says_so_once()
    {
        await using var room = await RulesRoom.OpenAsync();
        var alarm = new TestAlarm(room, "a");
        foreach (var step in "!1-") await alarm.StepAsync(step);
        await room.Get<AlarmBook>().ApplyAsync([.. alarm.Made], default);   // judged again after a crash
        var kinds = (await room.Alarms.TraceAsync(Tenant, alarm.Id, default)).Select(c => c.Kind);
        Assert.Equal([AlarmChangeKind.Raised, AlarmChangeKind.Shelved, AlarmChangeKind.Cleared, AlarmChangeKind.Unshelved], kinds);
        Assert.Equal((AlarmState.ReturnedUnacknowledged, false), ((await alarm.NowAsync()).State, (await alarm.NowAsync()).IsShelvedOnce));
    }

    [Fact]
    public async Task Every_timer_goes_on_over_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        string timed, once, chatters, quiet;
        await using (var room = await RulesRoom.OpenAsync(directory))
        {
            timed = (await new TestAlarm(room, "timed").TakeAsync("!s")).Id;
            once = (await new TestAlarm(room, "once").TakeAsync("!1")).Id;
            chatters = (await new TestAlarm(room, "chatters").TakeAsync("!-~-")).Id;   // two clears
            quiet = (await new TestAlarm(room, "quiet").TakeAsync("!-~-~-")).Id;
        }
        await using (var room = await RulesRoom.OpenAsync(directory))
        {
            Assert.Equal(AlarmState.Shelved, (await new TestAlarm(room, "timed", 1).NowAsync(timed)).State);
            var third = await new TestAlarm(room, "chatters", 4).TakeAsync("~-");
            Assert.Equal((chatters, 3), (third.Id, third.Chatter!.Count));
            Assert.Equal(3, (await room.Alarms.FindAsync(Tenant, quiet, default))!.Chatter!.Count);

            await room.Alarms.AdvanceAsync(RulesRoom.Noon.AddHours(1), default);
            Assert.Equal(AlarmState.Unacknowledged, (await room.Alarms.FindAsync(Tenant, timed, default))!.State);
            Assert.Null((await room.Alarms.FindAsync(Tenant, quiet, default))!.Chatter);
            Assert.Equal(AlarmChangeKind.ChatterEnded, (await room.Alarms.TraceAsync(Tenant, quiet, default))[^1].Kind);

            Assert.True((await room.Alarms.FindAsync(Tenant, once, default))!.IsShelvedOnce);
        }
        await using (var room = await RulesRoom.OpenAsync(directory))
        {
            await room.Alarms.AdvanceAsync(RulesRoom.Noon.AddDays(7), default);   // what bounds shelving bounds it too
            Assert.Equal((AlarmState.Unacknowledged, false), ((await room.Alarms.FindAsync(Tenant, once, default))!.State, (await room.Alarms.FindAsync(Tenant, once, default))!.IsShelvedOnce));
        }
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(400, 1)]   // within ten minutes of its end: the same occurrence
    [InlineData(900, 2)]
    public async Task The_re_open_window_goes_on_over_a_restart(int returnsAt, int alarms)
    {
        var directory = Directory.CreateTempSubdirectory("seamless-rules-").FullName;
        var (log, registry) = (new MemoryLog(), new MemoryRegistry());
        registry.Put("pump-1", "pump", "s1");
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry))
            foreach (var (at, value) in new[] { (0, 97), (40, 97), (60, 50), (125, 50) }) await room.SendAsync("pump-1", at, ("bearingTemperature", value));
        await using (var room = await RulesRoom.OpenAsync(directory, log, registry))
        {
            foreach (var at in new[] { returnsAt, returnsAt + 40 }) await room.SendAsync("pump-1", at, ("bearingTemperature", 97));
            Assert.Equal(alarms, (await room.AllAsync()).Count);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("0 10 20", 3)]       // three clears in a minute
    [InlineData("0 10 20 600", 4)]   // still within the quiet interval
    [InlineData("0 40 80", 0)]       // too slow
    [InlineData("0 10", 0)]
    [InlineData("0 10 20 900", 0)]   // quiet for ten minutes in between
    public async Task Three_clears_in_a_minute_are_chatter(string clears, int count)
    {
        await using var room = await RulesRoom.OpenAsync();
        var alarm = new TestAlarm(room, "a");
        await alarm.StepAsync('!');
        foreach (var second in clears.Split(' ').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture)))
        {
            if (!alarm.IsActive) await alarm.MakeAsync(AlarmChangeKind.Reraised, second - 1);
            await alarm.MakeAsync(AlarmChangeKind.Cleared, second);
        }
        Assert.Equal(count, (await alarm.NowAsync()).Chatter?.Count ?? 0);
    }

    [Fact]
    public void An_alarm_is_stale_after_a_day_and_its_first_evidence_is_its_first_out()
    {
        var alarm = TestAlarm.Alarm("a");
        Assert.False(alarm.IsStale(alarm.RaisedAt.AddHours(24)));
        Assert.True(alarm.IsStale(alarm.RaisedAt.AddHours(25)));
        Assert.False((alarm with { IsActive = false }).IsStale(alarm.RaisedAt.AddHours(25)));
        Assert.Null(alarm.FirstOut);
        var earlier = alarm.Evidence[0] with { Rule = "first", From = alarm.OnsetAt.AddSeconds(-1) };
        Assert.Equal("first", (alarm with { Evidence = [.. alarm.Evidence, earlier] }).FirstOut!.Rule);
    }
}

/// <summary>One alarm led through its life, telemetry and people alike.</summary>
internal sealed class TestAlarm(RulesRoom room, string name, int ordinal = 0)
{
    private const string Tenant = DeviceKey.DefaultTenant;
    private static readonly DateTimeOffset Later = RulesRoom.Noon.AddHours(1);
    private Alarm _alarm = Alarm(name);
    private int _ordinal = ordinal;
    private double _second = ordinal;

    public string Id => _alarm.Id;
    public bool IsActive => _alarm.IsActive;
    public List<TelemetryChange> Made { get; } = [];

    /// <summary>Its rule says so.</summary>
    public bool IsJudgedInMaintenance { get; set; }

    /// <summary>It is the site's, and explains these.</summary>
    public IReadOnlyList<string> Members { get; set; } = [];

    public static Alarm Alarm(string name) => new(
        $"al-{name}", Tenant, $"device {name}", "s1", "pump", $"device:{name}:OHE", "hot", "1", "OHE", Severity.High, AlarmState.Unacknowledged, true, false, null, null,
        RulesRoom.Noon, RulesRoom.Noon, null, 1, new LocalizedText("hot", "热"),
        [new Evidence("rule", "hot", "hot", "t", RulesRoom.Noon, null, 97, 90, null, new LocalizedText("hot", "热"), "1", new Dictionary<string, double>())], [], null, [], 0);

    public async Task<Alarm> TakeAsync(string steps)
    {
        foreach (var step in steps) await StepAsync(step);
        return await NowAsync();
    }

    public Task StepAsync(char step) => step switch
    {
        '!' => MakeAsync(AlarmChangeKind.Raised, ++_second),
        'l' => LatchAsync(),
        '-' => MakeAsync(AlarmChangeKind.Cleared, ++_second),
        '~' => MakeAsync(AlarmChangeKind.Reraised, ++_second),
        'e' => ExplainAsync(),
        _ => ActAsync(step switch { '+' => "acknowledge", 'c' => "confirm", 's' => "shelve", '1' => "shelveOnce", 'h' => "suppress", 'd' => "design", 'w' => "outOfService", _ => "close" }),
    };

    public async Task<Outcome<Alarm>> ActAsync(string action)
    {
        var alarms = room.Alarms;
        switch (action)
        {
            case "clear":
                await MakeAsync(AlarmChangeKind.Cleared, ++_second);
                return await NowAsync();
            case "reraise":
                _alarm = _alarm with { SuppressedBy = null, Parent = null };   // as the tracker does
                await MakeAsync(AlarmChangeKind.Reraised, ++_second);
                return await NowAsync();
        }
        return await (action switch
        {
            "acknowledge" => alarms.AcknowledgeAsync(Tenant, Id, "lee", null, default),
            "confirm" => alarms.ConfirmAsync(Tenant, Id, "lee", null, default),
            "reset" => alarms.ResetAsync(Tenant, Id, "lee", null, default),
            "shelve" => alarms.ShelveAsync(Tenant, Id, "lee", "why", Later, default),
            "shelveOnce" => alarms.ShelveOnceAsync(Tenant, Id, "lee", "why", null, default),
            "unshelve" => alarms.UnshelveAsync(Tenant, Id, "lee", default),
            "suppress" => alarms.SuppressAsync(Tenant, Id, "lee", "why", default),
            "unsuppress" => alarms.UnsuppressAsync(Tenant, Id, "lee", default),
            "design" => alarms.SetSuppressedByDesignAsync(Tenant, Id, "lee", "cleaning", default),
            "lift" => alarms.SetSuppressedByDesignAsync(Tenant, Id, "lee", null, default),
            "outOfService" => alarms.SetOutOfServiceAsync(Tenant, Id, "lee", "WO-7", default),
            "return" => alarms.SetOutOfServiceAsync(Tenant, Id, "lee", null, default),
            "close" => alarms.CloseAsync(Tenant, Id, "lee", "true", null, default),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "no such action"),
        });
    }

    public async Task MakeAsync(AlarmChangeKind kind, double second)
    {
        var at = RulesRoom.Noon.AddSeconds(second);
        var active = kind is not AlarmChangeKind.Cleared && (_alarm.IsActive || kind is not AlarmChangeKind.Suppressed);
        _alarm = _alarm with { IsActive = active, ClearedAt = active ? null : at, Count = _alarm.Count + (kind is AlarmChangeKind.Reraised ? 1 : 0) };
        _alarm = _alarm with { IsJudgedInMaintenance = IsJudgedInMaintenance, Members = Members, Device = Members.Count > 0 ? null : _alarm.Device };
        var change = new TelemetryChange(Id, ++_ordinal, kind, at, _alarm);
        Made.Add(change);
        await room.Get<AlarmBook>().ApplyAsync([change], default);
    }

    public async Task<Alarm> NowAsync(string? id = null) => (await room.Alarms.FindAsync(Tenant, id ?? Id, default))!;

    private Task LatchAsync()
    {
        _alarm = _alarm with { IsLatching = true };
        return MakeAsync(AlarmChangeKind.Reraised, ++_second);
    }

    private Task ExplainAsync()
    {
        _alarm = _alarm with { Parent = "al-site", SuppressedBy = "al-site" };
        return MakeAsync(AlarmChangeKind.Suppressed, ++_second);
    }
}
